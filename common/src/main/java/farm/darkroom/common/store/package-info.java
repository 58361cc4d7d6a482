/**
 * The port of the store, its layout ({@code jobs/<id>/record.json} is the commit point) and its S3
 * side. Nothing here knows the queue or the engine.
 */
package farm.darkroom.common.store;
