/**
 * The worker as it is seen from outside: its time, what it does at this moment, what it counts, and
 * the pages that say so. It knows no lease and no stage.
 */
package farm.darkroom.worker.health;
