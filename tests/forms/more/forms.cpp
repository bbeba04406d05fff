// Values that tests/forms/libcxx has none of: what C++23 added, what refers to bits and members, iterators that run
// backwards, owners of nothing that can be shown; all in one frame above a trap.
#include <array>
#include <deque>
#include <expected>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

template <typename... T> [[gnu::noinline]] void keep(T &...values) {
    ((void)[](auto &value) { asm volatile("" ::"r"(&value) : "memory"); }(values), ...);
}

namespace ship {
struct Part {
    int number;
    explicit Part(int n) : number(n) {}
    virtual ~Part() = default;
    virtual int weight() const { return number; }
    int scaled(int by) { return number * by; }
};
struct Mast : virtual Part {
    Mast() : Part(1) {}
    int height = 20;
};
struct Sail : virtual Part {
    Sail() : Part(2) {}
    int area = 30;
};
struct Rig : Mast, Sail {
    Rig() : Part(3) {}
    int ropes = 40;
};
struct Rigged : Rig {
    Rigged() : Part(4) {}
    int crew = 5;
};
} // namespace ship

struct Gift {
    void operator()(void *) const {}
};

[[gnu::noinline]] static int values(int seed) {
    std::expected<int, std::string> fine = 5;
    std::expected<int, std::string> failed = std::unexpected(std::string("no wind"));
    std::expected<void, int> done;
    std::optional<std::optional<int>> hollow = std::optional<int>();
    std::array<int, 0> none;
    std::vector<bool> bits{true, false, true};
    auto bit = bits[2];
    auto bit_at = bits.begin() + 2;
    std::map<int, char> letters{{1, 'a'}, {2, 'b'}, {3, 'c'}};
    std::list<int> list{7, 8};
    std::deque<short> deque{5, 6};
    auto last_letter = letters.rbegin();
    auto before_letters = letters.rend();
    auto last_listed = list.rbegin();
    auto last_queued = deque.rbegin();
    auto moving = std::make_move_iterator(deque.begin());
    std::unique_ptr<void, Gift> gift(&seed);
    std::shared_ptr<int[]> row(new int[3]{1, 2, 3});
    std::map<std::pair<int, int>, const char *> chart{{{1, 2}, "reef"}, {{3, 4}, "port"}};
    ship::Rig rig;
    ship::Rigged rigged;
    ship::Part *part = &rig;
    ship::Sail &sail = rig;
    int (ship::Part::*method)(int) = &ship::Part::scaled;
    std::function<int(ship::Part &)> member = &ship::Part::number;
    std::function<int(ship::Part &, int)> bound = method;
    std::function<std::size_t()> closure = [text = std::string("kept"), seed] { return text.size() + seed; };
    decltype(nullptr) nothing = nullptr;
    keep(fine, failed, done, hollow, none, bits, bit, bit_at, letters, list, deque, last_letter, before_letters,
         last_listed, last_queued, moving, gift, row, chart, rig, rigged, part, sail, method, member, bound, closure,
         nothing);
    __builtin_trap();
}

int main() { return values(1); }
