// Values of libc++ that stand for dates, errors and types, in the frames of a chain of calls that ends
// in a trap. What each value is stands here; what is shown of it is held against this text.

#include <chrono>
#include <compare>
#include <coroutine>
#include <exception>
#include <expected>
#include <mutex>
#include <ratio>
#include <source_location>
#include <system_error>
#include <typeindex>

using namespace std::chrono;

#define KEEP(value) asm volatile("" : : "r"(&value) : "memory")

struct Point {
  int x, y;
};

struct OwnCategory : std::error_category {
  const char *name() const noexcept override { return "own"; }
  std::string message(int) const override { return ""; }
};
OwnCategory own_category;

typedef int int4 __attribute__((vector_size(16)));
typedef float float4 __attribute__((vector_size(16)));

__attribute__((noinline)) int others(int n) {
  std::strong_ordering strong = 1 <=> 2;
  std::partial_ordering partial = std::partial_ordering::unordered;
  std::weak_ordering weak = std::weak_ordering::equivalent;
  std::ratio<3, 4> ratio;
  std::once_flag once;
  std::source_location where = std::source_location::current();
  std::type_index index = typeid(Point);
  const std::type_info &info = typeid(const char *);
  std::coroutine_handle<> handle;
  int4 ints = {1, -2, 3, 4};
  float4 floats = {0.5f, 1.5f, 2.5f, 3.5f};
  KEEP(strong); KEEP(partial); KEEP(weak); KEEP(ratio); KEEP(once); KEEP(where);
  KEEP(index); KEEP(info); KEEP(handle); KEEP(ints); KEEP(floats);
  if (n == 3) __builtin_trap();
  return n;
}

__attribute__((noinline)) int errors(int n) {
  std::error_code none;
  std::error_code generic = std::make_error_code(std::errc::timed_out);
  std::error_code system(9999, std::system_category());
  std::error_code own(7, own_category);
  std::error_condition condition(std::errc::permission_denied);
  std::expected<void, std::error_code> done;
  std::expected<int, std::error_code> failed = std::unexpected(generic);
  std::exception_ptr exception;
  KEEP(none); KEEP(generic); KEEP(system); KEEP(own); KEEP(condition); KEEP(done); KEEP(failed); KEEP(exception);
  return others(n + 1);
}

__attribute__((noinline)) int dates(int n) {
  year_month_day date{year(2024), month(2), day(29)};
  year_month_day no_date{year(-5), month(13), day(0)};
  year a_year(2025);
  month a_month(12);
  day a_day(7);
  weekday a_weekday(3);
  month_day holiday{month(7), day(4)};
  year_month in_month{year(1999), month(11)};
  year_month_day_last end{year(2023), month_day_last(month(2))};
  year_month_weekday second{year(2024), month(5), weekday_indexed(weekday(1), 2)};
  month_weekday_last last{month(10), weekday_last(weekday(0))};
  hh_mm_ss<milliseconds> time(milliseconds(-3723004));
  hh_mm_ss<seconds> noon(hours(12));
  system_clock::time_point now(seconds(1600000000));
  sys_days a_date(days(19782));
  local_time<minutes> local(minutes(-1));
  steady_clock::time_point steady(milliseconds(1500));
  KEEP(date); KEEP(no_date); KEEP(a_year); KEEP(a_month); KEEP(a_day); KEEP(a_weekday); KEEP(holiday); KEEP(in_month);
  KEEP(end); KEEP(second); KEEP(last); KEEP(time); KEEP(noon); KEEP(now); KEEP(a_date); KEEP(local); KEEP(steady);
  return errors(n + 1);
}

int main() { return dates(1); }
