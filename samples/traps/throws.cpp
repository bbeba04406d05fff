// What the C++ library and runtime give up at, without exceptions.
#include <cstring>
#include <exception>
#include <map>
#include <string>
#include <vector>

#define NOINLINE __attribute__((noinline))

struct Shape {
  Shape() { init(); }
  void init();
  virtual double area() const = 0;
};

NOINLINE double measure(const Shape *shape) { return shape->area(); }

// The object is no Square yet.
NOINLINE void Shape::init() { measure(this); }

struct Square : Shape {
  double side = 2;
  double area() const override { return side * side; }
};

NOINLINE int pick(const std::vector<int> &numbers, size_t index) { return numbers.at(index); }

NOINLINE int look(const std::map<std::string, int> &ages, const std::string &name) { return ages.at(name); }

NOINLINE void *reserve(size_t size) { return new char[size]; }

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "at";
  if (!strcmp(what, "at")) return pick({1, 2, 3}, argc + 5);
  if (!strcmp(what, "map")) return look({{"ann", 31}}, "bob");
  if (!strcmp(what, "new")) return *static_cast<char *>(reserve(0xe0000000u + argc));
  if (!strcmp(what, "terminate")) std::terminate();
  if (!strcmp(what, "pure")) return static_cast<int>(Square().area());
  return 0;
}
