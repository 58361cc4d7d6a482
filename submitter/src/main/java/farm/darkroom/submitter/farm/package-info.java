/** Which farm a command speaks to: its flags, its file of variables, and the ways in. */
package farm.darkroom.submitter.farm;
