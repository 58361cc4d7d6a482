/** Benchmarks of the engine, run by scripts/bench: not tests, and not in the product. */
package farm.darkroom.sdxl.bench;
