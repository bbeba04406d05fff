// Shapes behind virtual calls, and the containers of libc++ in the frame that crashes: a shape with no sides divides
// by them.
#include <array>
#include <cstdio>
#include <deque>
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
#include <utility>
#include <variant>
#include <vector>

namespace plane {

enum class Colour : unsigned char { Red = 1, Green, Blue };

struct Point {
  double x = 0, y = 0;
};

class Shape {
public:
  explicit Shape(std::string name, Colour colour) : name_(std::move(name)), colour_(colour) { ++made; }
  virtual ~Shape() = default;
  virtual int sides() const = 0;
  virtual int turn(int degrees) const { return degrees / sides(); }
  static int made;

protected:
  std::string name_;
  Colour colour_;
};

int Shape::made = 0;

struct Labelled {
  const char *label = "unnamed";
  virtual void print() const { std::printf("%s\n", label); }
  virtual ~Labelled() = default;
};

class Polygon : public Shape {
public:
  Polygon(std::string name, Colour colour, std::vector<Point> corners)
      : Shape(std::move(name), colour), corners_(std::move(corners)) {}
  int sides() const override { return static_cast<int>(corners_.size()); }

private:
  std::vector<Point> corners_;
};

class Circle final : public Polygon, public Labelled {
public:
  explicit Circle(double radius) : Polygon("circle", Colour::Blue, {}), radius_(radius) { label = "round"; }

private:
  double radius_;
};

template <typename T, int N> struct Grid {
  T cells[N][N];
  T sum() const {
    T total{};
    for (auto &row : cells)
      for (auto cell : row)
        total += cell;
    return total;
  }
};

} // namespace plane

namespace {

int total_turns = 0;

int turn_all(const std::vector<std::unique_ptr<plane::Shape>> &shapes, int degrees) {
  int turned = 0;
  for (const auto &shape : shapes) {
    auto add = [&turned, degrees](const plane::Shape &s) { turned += s.turn(degrees); };
    add(*shape);
  }
  return turned;
}

int survey(int scale) {
  using namespace std::string_literals;
  std::string brief = "brief";
  std::string lengthy = "a text that is too long to be kept inside the string object";
  std::u16string wide = u"w\u00efde";
  std::string_view part = std::string_view(lengthy).substr(2, 4);
  std::vector<int> numbers{3, 1, 4, 1, 5};
  std::vector<std::string> words{"alpha", brief, ""};
  std::vector<bool> flags{true, false, true};
  std::array<short, 3> triple{7, 8, 9};
  std::deque<int> queue{1, 2, 3};
  queue.push_front(0);
  std::list<plane::Point> path{{1, 2}, {3.5, -4}};
  std::map<std::string, int> ages{{"ada", 36}, {"alan", 41}, {"grace", 85}};
  std::set<char> letters{'z', 'a', 'm'};
  std::unordered_map<int, std::string> squares{{2, "four"}, {3, "nine"}};
  std::optional<int> some = 17;
  std::optional<std::string> none;
  std::variant<int, double, std::string> choice = "third"s;
  std::pair<int, plane::Colour> pair{5, plane::Colour::Green};
  std::tuple<int, const char *, bool> mixed{1, "two", true};
  std::shared_ptr<plane::Point> shared = std::make_shared<plane::Point>(plane::Point{9, 8});
  std::weak_ptr<plane::Point> weak = shared;
  std::span<int> middle(numbers.data() + 1, 3);
  plane::Grid<long, 2> grid{{{1, 2}, {3, 4}}};
  plane::Point here{0.5, -0.25};
  plane::Point &alias = here;
  double plane::Point::*member = &plane::Point::y;
  int (plane::Shape::*method)() const = &plane::Shape::sides;

  std::vector<std::unique_ptr<plane::Shape>> shapes;
  shapes.push_back(std::make_unique<plane::Polygon>("triangle", plane::Colour::Red,
                                                    std::vector<plane::Point>{{0, 0}, {1, 0}, {0, 1}}));
  shapes.push_back(std::make_unique<plane::Circle>(2.5));
  total_turns = turn_all(shapes, 360 * scale);
  return total_turns + static_cast<int>(grid.sum()) + static_cast<int>(alias.*member) + (shapes[0].get()->*method)();
}

} // namespace

int main() {
  std::printf("%d\n", survey(1));
  return 0;
}
