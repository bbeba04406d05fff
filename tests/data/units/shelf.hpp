struct Base { int shelf; virtual int room() const; };
struct Item : Base { Item(int weight); int room() const override; int weight; };
class Shelf { int kept = 0; const Item *last = nullptr; public: Shelf(int most); void put(const Item &item); int most; };
// Both objects have it: the linker keeps one and lets both describe it.
void refuse(int parts);
inline __attribute__((noinline)) int split(int whole, int parts) { if (parts <= 0) refuse(parts); return whole / parts; }
