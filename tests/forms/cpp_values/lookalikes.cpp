// Classes with the names and members of libc++'s streams, matches and flat maps. The real ones bring half a megabyte
// with them: their layouts were taken from libc++ 22, and the same values of the real classes are shown the same.

namespace std {
inline namespace __2 {
using size_t = __SIZE_TYPE__;
template <class T> struct allocator {};
template <class T> struct char_traits {};

template <class T, class A = allocator<T>> struct vector {
  T *__begin_;
  T *__end_;
  T *__cap_;
};

template <class C, class T = char_traits<C>> struct basic_streambuf {
  void *vtable, *__loc_;
  C *__binp_, *__ninp_, *__einp_, *__bout_, *__nout_, *__eout_;
};
template <class C, class T = char_traits<C>, class A = allocator<C>> struct basic_stringbuf : basic_streambuf<C, T> {
  C *__hm_;
  unsigned __mode_;
};
template <class C, class T = char_traits<C>, class A = allocator<C>> struct basic_ostringstream {
  void *vtable;
  basic_stringbuf<C, T, A> __sb_;
};
template <class C, class T = char_traits<C>, class A = allocator<C>> struct basic_istringstream {
  void *vtable;
  basic_stringbuf<C, T, A> __sb_;
};
using ostringstream = basic_ostringstream<char>;
using istringstream = basic_istringstream<char>;
using wostringstream = basic_ostringstream<wchar_t>;

template <class I> struct sub_match {
  I first, second;
  bool matched;
};
template <class I> struct match_results {
  vector<sub_match<I>> __matches_;
  bool __ready_;
};
using cmatch = match_results<const char *>;

template <class K, class V> struct flat_map {
  struct containers {
    vector<K> keys;
    vector<V> values;
  };
  containers __containers_;
};
template <class K> struct flat_set {
  vector<K> __keys_;
};
} // namespace __2
} // namespace std

char text[] = "a text and more";
wchar_t wide_text[] = L"wide";
int numbers[] = {1, 3, 4};
char letters[] = {'a', 'b', 'c'};
std::sub_match<const char *> found[] = {{text, text + 6, true}, {text + 2, text + 6, true}, {nullptr, nullptr, false}};

extern "C" void _start() {
  std::ostringstream written = {};
  // What lies behind the next place to write was written before the place was moved back.
  written.__sb_.__bout_ = text;
  written.__sb_.__nout_ = text + 2;
  written.__sb_.__hm_ = text + 6;
  written.__sb_.__mode_ = 0x10;
  std::istringstream read = {};
  read.__sb_.__binp_ = text;
  read.__sb_.__ninp_ = text + 7;
  read.__sb_.__einp_ = text + 15;
  read.__sb_.__mode_ = 0x08;
  std::ostringstream nothing = {};
  nothing.__sb_.__mode_ = 0x10;
  std::wostringstream wide = {};
  wide.__sb_.__bout_ = wide_text;
  wide.__sb_.__nout_ = wide.__sb_.__hm_ = wide_text + 4;
  wide.__sb_.__mode_ = 0x10;
  std::cmatch match = {{found, found + 3, found + 3}, true};
  std::flat_map<int, char> flat = {{{numbers, numbers + 3, numbers + 3}, {letters, letters + 3, letters + 3}}};
  std::flat_map<int, char> uneven = {{{numbers, numbers + 3, numbers + 3}, {letters, letters + 2, letters + 3}}};
  std::flat_set<int> set = {{numbers, numbers + 2, numbers + 3}};
  __builtin_trap();
}
