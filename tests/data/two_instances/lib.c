/* The second instance: divides by a rate that is 0. */
int rates[3] = {5, 0, 7};

__attribute__((export_name("share"))) int share(int total) {
  int rate = rates[1];
  return total / rate;
}
