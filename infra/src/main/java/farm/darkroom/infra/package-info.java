/** The farm in a box: embedded broker and store, workers, and every command in one launcher. */
package farm.darkroom.infra;
