/** Worker processes that are kept alive: a box's, and one for each device. It knows no queue. */
package farm.darkroom.infra.crew;
