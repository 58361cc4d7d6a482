/**
 * Which farm a command speaks to: its flags, its file of variables, and the ways in. It knows no
 * job and no batch.
 */
package farm.darkroom.submitter.farm;
