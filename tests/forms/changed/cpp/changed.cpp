// Names of libc++ with other members.
namespace std {
template <class T> struct allocator {};
template <class T, class A = allocator<T>> struct vector { T *start; unsigned count; };
template <class T, class A = allocator<T>> struct deque { T *start; unsigned count; };
template <class T, class A = allocator<T>> struct list { T *first; };
template <class T, class A = allocator<T>> struct forward_list { T *first; };
template <class T> struct basic_string { const T *text; };
template <class T> struct basic_string_view { const T *text; };
template <class K, class V, class A = allocator<K>> struct map { K *top; unsigned count; };
template <class K, class A = allocator<K>> struct set { K *top; };
template <class K, class V, class A = allocator<K>> struct unordered_map { K *top; };
template <class T> struct unique_ptr { T *owned; };
template <class T> struct shared_ptr { T *owned; int *uses; };
template <class T> struct weak_ptr { T *owned; };
template <class T> struct optional { T value; bool set; };
template <class... T> struct variant { int index; };
template <class T> struct function { int target; };
template <class T> struct atomic { T parts[2]; };
struct any { void *held; };
}

[[gnu::noinline]] static int crash(const void *, ...) { __builtin_trap(); }

extern "C" int _start() {
    int number = 7;
    std::vector<int> vector{&number, 1};
    std::deque<int> deque{&number, 1};
    std::list<int> list{&number};
    std::forward_list<int> forward{&number};
    std::basic_string<char> string{"text"};
    std::basic_string_view<char> view{"text"};
    std::map<int, char> map{&number, 1};
    std::set<int> set{&number};
    std::unordered_map<int, char> table{&number};
    std::unique_ptr<int> unique{&number};
    std::shared_ptr<int> shared{&number, &number};
    std::weak_ptr<int> weak{&number};
    std::optional<int> optional{3, true};
    std::variant<int, char> variant{1};
    std::function<int()> function{1};
    std::any any{&number};
    return crash(&vector, &deque, &list, &forward, &string, &view, &map, &set, &table, &unique, &shared, &weak,
                 &optional, &variant, &function, &any);
}
