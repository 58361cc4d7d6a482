/**
 * Models that are open, with what jobs add to them: which are kept and which make room, what turned
 * out broken, the hashes of their weights. It is told a plan, and knows neither how one is chosen
 * nor what is rendered.
 */
package farm.darkroom.worker.render.model;
