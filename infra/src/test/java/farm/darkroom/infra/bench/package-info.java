/** What a queue costs, measured; run by {@code scripts/bench/queue}, never by the tests. */
package farm.darkroom.infra.bench;
