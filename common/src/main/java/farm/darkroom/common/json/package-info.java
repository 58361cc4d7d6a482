/**
 * Strict reading and canonical writing of JSON: every problem of a document with its path, what was
 * found and what is allowed. It knows no job, queue or store.
 */
package farm.darkroom.common.json;
