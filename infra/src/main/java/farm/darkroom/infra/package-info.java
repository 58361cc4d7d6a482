/**
 * Every command of the farm in one launcher, and the worker among them, which brings engine, broker
 * and store together. No other package knows this one.
 */
package farm.darkroom.infra;
