// The seeds of the debug_info corpus: as much of DWARF as fits in two kilobytes. No library, no includes.
namespace n {
enum class E : short { A, B = 7 };
template <class T> struct S {
  T value;
  unsigned bits : 3, more : 5;
  S *next;
  union { int i; float f; };
  E e;
  static int made;
};
struct B { virtual int f(int) = 0; };
struct D : B, S<int> {
  int f(int x) override { return x / value; }
};
} // namespace n
template <class T> int n::S<T>::made = 3;
typedef int (*function)(int);
const char *text[2][3];
static inline __attribute__((always_inline)) int twice(int a) {
  static int calls;
  int doubled = a * 2 + n::S<int>::made;
  return doubled + ++calls;
}
__attribute__((noinline)) int add(int a, long long b, double c, const volatile n::D &d) {
  int s = a;
  for (int i = 0; i < 3; i++) {
    int s = i + (int)b;
    if (s > a) {
      char s = (char)c;
      a += s;
    }
    a += twice(s);
  }
  return s + a + d.value;
}
extern "C" int run(int x, function g) {
  n::D d;
  d.value = x;
  n::B *b = &d;
  text[1][2] = "t";
  return add(x, x, x, d) + b->f(x) + g(x);
}
