// The C++ containers that samples/cpp_shapes has none of, in one frame above a trap: their garbage is tested on them.
#include <any>
#include <forward_list>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

static int twice(int n) { return n * 2; }

[[gnu::noinline]] static int crash(const void *, ...) { __builtin_trap(); }

int main() {
    std::forward_list<int> single{1, 2, 3};
    std::unordered_set<int> unique{4};
    std::multimap<int, char> repeated{{1, 'a'}, {1, 'b'}};
    std::function<int(int)> direct = twice;
    int captured = 5;
    std::function<int(int)> capturing = [captured](int n) { return n + captured; };
    std::function<int(int)> empty;
    std::any number = 6;
    std::any nothing;
    std::unique_ptr<int> owner(new int(7));
    std::unique_ptr<int[]> row(new int[2]{8, 9});
    std::optional<std::string> text = "text";
    std::vector<int> grown;
    grown.push_back(10);
    return crash(&single, &unique, &repeated, &direct, &capturing, &empty, &number, &nothing, &owner, &row, &text, &grown);
}
