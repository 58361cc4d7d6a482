/**
 * Pages over HTTP, for health checks, metrics and people: what an answer may be, and the port that
 * gives it. It does not know what stands on them.
 */
package farm.darkroom.common.page;
