/**
 * What a farm goes through: processes that die or stand still, a broker and a store that come and
 * go, jobs that are none. Real processes, seeded, and an audit at the end of each.
 */
package farm.darkroom.infra.chaos;
