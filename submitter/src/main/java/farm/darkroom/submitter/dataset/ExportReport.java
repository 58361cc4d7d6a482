package farm.darkroom.submitter.dataset;

/**
 * What an export did.
 *
 * @param jobs of the batch that were looked at
 * @param missing those of them without a result
 * @param samples pictures (or latents) in the dataset
 * @param kept those of them that were on the disk already
 * @param leftOut results that this kind of dataset cannot hold
 * @param damaged results that are not whole in the store
 * @param strays files of the batch that stay in the folder and are no part of the dataset
 */
public record ExportReport(
    int jobs, int missing, int samples, int kept, int leftOut, int damaged, int strays) {}
