/**
 * The contact sheet: many pictures on one page and in one PNG. It knows pictures and words, no
 * jobs, queue or store.
 */
package farm.darkroom.submitter.sheet;
