// A shared library that is no backend.
extern "C" int mlpbench_test_answer() { return 42; }
