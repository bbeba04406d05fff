#include "shelf.hpp"
static int fill(int parts) {
  Item item(12);
  Shelf shelf(3);
  shelf.put(item);
  int each = split(item.weight, parts);
  return each + shelf.most;
}
extern "C" void _start() { volatile int parts = 0; fill(parts); }
