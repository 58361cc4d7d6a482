/**
 * What commands share that run until they are told to end: where they serve pages, and how they
 * hear of the end. It knows none of them.
 */
package farm.darkroom.infra.serving;
