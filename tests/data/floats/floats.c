/* Floating point values in wasm locals: huge, tiny, and none. */
static double scale(double huge, double tiny, float none, float half, int by) {
  return huge * tiny + none * half + 1 / by;
}

__attribute__((export_name("_start"))) void run(void) {
  volatile double result = scale(1e40, 1e-30, __builtin_nanf("7"), 0.5f, 0);
}
