// A value of every form of libc++ that samples/cpp_shapes has none of, and of every kind of class, each kind in a frame
// of its own above a trap.
#include <any>
#include <array>
#include <atomic>
#include <bitset>
#include <chrono>
#include <complex>
#include <deque>
#include <forward_list>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

extern "C" {
int c_values(int count);
// What is handed to it lies in memory under every optimisation: it is compiled by itself.
void keep(const void *first, ...);
}

struct Point {
    int x, y;
    int sum() const { return x + y; }
    static int made;
};
int Point::made = 3;

[[gnu::noinline]] static int twice(int n) { return n * 2; }

struct Closer {
    int calls;
    void operator()(int *number) {
        ++calls;
        delete number;
    }
};

namespace kinds {

enum class Level : short { Low = -1, High = 7 };
enum Access { None = 0, Read = 1, Write = 2, Execute = 4 };

struct Animal {
    int legs = 4;
    virtual int noise() const { return legs; }
    virtual ~Animal() = default;
};
struct Swimmer : virtual Animal {
    int fins = 2;
};
struct Flyer : virtual Animal {
    int wings = 2;
};
struct Duck final : Swimmer, Flyer {
    const char *name = "Donald";
    int noise() const override { return fins + wings; }
};

template <typename T> struct Holder {
    T held;
    static inline int count = 11;
};
struct Labelled : Holder<short>, Holder<const char *> {
    Holder<Point> inner;
};

struct Mixed {
    union {
        int number;
        float real;
    };
    struct {
        short low, high;
    };
    unsigned three : 3;
    signed two : 2;
    bool flag : 1;
    Level level;
    Access access;
};

struct Empty {};

struct Counter {
    int start;
    auto adder() {
        return [this](int n) { return start + n; };
    }
};

} // namespace kinds

[[gnu::noinline]] static int classes(int seed) {
    kinds::Duck duck;
    kinds::Animal *animal = &duck;
    kinds::Animal &creature = duck;
    kinds::Flyer *flyer = &duck;
    kinds::Labelled labelled{{5}, {"five"}, {{1, 2}}};
    kinds::Mixed mixed{{42}, {1, -2}, 5, -1, true, kinds::Level::High,
                       static_cast<kinds::Access>(kinds::Read | kinds::Execute)};
    kinds::Access unknown = static_cast<kinds::Access>(9);
    kinds::Level odd = static_cast<kinds::Level>(3);
    kinds::Empty empty;
    int Point::*data_member = &Point::y;
    int Point::*no_member = nullptr;
    int (Point::*method)() const = &Point::sum;
    int (kinds::Animal::*virtual_method)() const = &kinds::Animal::noise;
    int (Point::*no_method)() const = nullptr;
    int by_value = seed + 1, by_reference = seed + 2;
    auto lambda = [by_value, &by_reference](int n) { return by_value + by_reference + n; };
    kinds::Counter counter{30};
    auto with_this = counter.adder();
    auto without = [](int n) { return n; };
    int (*function)(int) = twice;
    int (&function_reference)(int) = twice;
    int &&temporary = seed + 100;
    const int &constant = by_value;
    int rows[2][3] = {{1, 2, 3}, {4, 5, 6}};
    int(&row)[3] = rows[1];
    keep(&duck, &animal, &creature, &flyer, &labelled, &mixed, &unknown, &odd, &empty, &data_member, &no_member,
         &method, &virtual_method, &no_method, &by_value, &by_reference, &lambda, &counter, &with_this, &without,
         &function, &temporary, &constant, &row, &Point::made, &kinds::Holder<short>::count);
    return lambda(1) + with_this(2) + without(3) + function(4) + function_reference(5) + c_values(3);
}

[[gnu::noinline]] static int owners(int seed) {
    std::unique_ptr<Point> unique(new Point{1, 2});
    std::unique_ptr<Point> no_one;
    std::unique_ptr<int, Closer> closing(new int(7), Closer{9});
    std::unique_ptr<int[]> array(new int[2]{8, 9});
    std::shared_ptr<Point> shared = std::make_shared<Point>(Point{3, 4});
    std::shared_ptr<Point> second = shared;
    std::weak_ptr<Point> weak = shared;
    std::shared_ptr<int> adopted(new int(12));
    std::weak_ptr<int> expired = adopted;
    adopted.reset();
    std::any number = 6;
    std::any large = std::array<int, 5>{1, 2, 3, 4, 5};
    std::any nothing;
    std::function<int(int)> direct = twice;
    std::function<int(int)> capturing = [seed](int n) { return n + seed; };
    std::function<int(int)> no_function;
    std::reference_wrapper<Point> wrapper(*unique);
    std::optional<Point> engaged = Point{5, 6};
    std::optional<int> empty;
    std::variant<int, std::string, Point> first = 1;
    std::variant<int, std::string, Point> third = Point{7, 8};
    std::variant<std::monostate, int> neither;
    std::tuple<int, std::string, Point> triple{1, "two", {3, 3}};
    std::tuple<> unit;
    std::pair<const int, std::pair<char, bool>> nested{1, {'c', true}};
    std::atomic<int> counter{17};
    std::atomic<bool> flag{true};
    std::atomic_flag raised;
    std::atomic<Point *> place{unique.get()};
    std::complex<double> complex{1.5, -2};
    std::complex<float> imaginary{0, 1};
    std::chrono::milliseconds wait{1500};
    std::chrono::seconds long_wait{-90};
    std::chrono::hours day{24};
    std::chrono::duration<double> precise{0.25};
    std::chrono::duration<int, std::ratio<1, 30>> frames{60};
    std::bitset<5> five{0b10110};
    std::bitset<40> wide{1ull << 39 | 1};
    keep(&unique, &no_one, &closing, &array, &shared, &second, &weak, &expired, &number, &large, &nothing, &direct,
         &capturing, &no_function, &wrapper, &engaged, &empty, &first, &third, &neither, &triple, &unit, &nested,
         &counter, &flag, &raised, &place, &complex, &imaginary, &wait, &long_wait, &day, &precise, &frames, &five,
         &wide);
    return classes(seed);
}

[[gnu::noinline]] static int containers(int seed) {
    std::string brief = "short";
    std::string longest_brief = "ten bytes!";
    std::string longer = "a text of more than ten bytes, with a \"quote\"";
    std::string none;
    std::string zeros("a\0b", 3);
    std::u16string wide16 = u"\u00fc16";
    std::u32string wide32 = U"\U0001f600!";
    std::wstring wide = L"w\u00efde, and too long for the inside";
    std::string_view view = std::string_view(longer).substr(2, 4);
    std::vector<int> numbers{1, 2, 3};
    numbers.reserve(8);
    std::vector<bool> bits{true, false, true};
    std::vector<std::string> words{"one", longer};
    std::vector<Point> points{{1, 2}, {3, 4}};
    std::vector<int> no_numbers;
    std::deque<int> queue;
    for (int i = 0; i < 1500; ++i)
        queue.push_back(i);
    for (int i = 0; i < 3; ++i)
        queue.push_front(-1 - i);
    std::list<int> list{10, 20, 30};
    std::forward_list<int> single{4, 5, 6};
    std::set<int> set{3, 1, 2};
    std::map<int, std::string> map{{1, "one"}, {2, "two"}};
    std::map<std::string, std::vector<int>> index{{"primes", {2, 3, 5}}, {"none", {}}};
    std::multimap<int, char> repeated{{1, 'a'}, {1, 'b'}};
    std::unordered_map<int, int> squares{{3, 9}};
    std::unordered_set<int> unordered{44};
    std::array<short, 3> array{7, 8, 9};
    std::span<int> span(numbers.data() + 1, 2);
    std::span<int, 3> fixed(numbers);
    auto vector_at = numbers.begin() + 1;
    auto constant_at = numbers.cbegin();
    auto map_at = map.find(2);
    auto list_at = std::next(list.begin());
    auto deque_at = queue.begin() + 3;
    auto hash_at = squares.begin();
    auto set_at = set.begin();
    auto single_at = single.begin();
    auto bit_at = bits.begin() + 2;
    auto back_at = numbers.rbegin();
    auto text_at = brief.begin() + 2;
    keep(&brief, &longest_brief, &longer, &none, &zeros, &wide16, &wide32, &wide, &view, &numbers, &bits, &words,
         &points, &no_numbers, &queue, &list, &single, &set, &map, &index, &repeated, &squares, &unordered, &array,
         &span, &fixed, &vector_at, &constant_at, &map_at, &list_at, &deque_at, &hash_at, &set_at, &single_at, &bit_at,
         &back_at, &text_at);
    return owners(seed);
}

int main() { return containers(1); }
