#include "shelf.hpp"
int Base::room() const { return shelf; }
Item::Item(int weight) : weight(weight) { shelf = 7; }
int Item::room() const { return shelf - weight; }
Shelf::Shelf(int most) : most(most) {}
void Shelf::put(const Item &item) { last = &item; most *= 2; kept++; }
void refuse(int parts) { __builtin_trap(); }
