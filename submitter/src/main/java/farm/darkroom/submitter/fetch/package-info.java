/** Results from the store onto this disk, as they are. It knows no queue and no dataset. */
package farm.darkroom.submitter.fetch;
