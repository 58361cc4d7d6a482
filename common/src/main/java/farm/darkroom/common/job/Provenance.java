package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.node.TextNode;
import farm.darkroom.common.json.CanonicalJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a picture says about itself in its PNG text chunks. It says the same wherever and whenever
 * the picture is rendered: no time, no worker, no version, no labels.
 *
 * @param size of the picture
 * @param scheduler that was used, with its whole config
 * @param modelHash SHA-256 of the UNet's weights in hexadecimal; empty where unknown
 */
public record Provenance(
    RenderJob job, PixelSize size, SchedulerChoice scheduler, Optional<String> modelHash) {
  private static final int SHORT_HASH = 10;

  /**
   * The {@code parameters} chunk of image {@code i}, in the form of A1111's infotext: the prompt,
   * the negative prompt, and one line of settings that other tools read.
   */
  public String parameters(int i) {
    StringBuilder text = new StringBuilder(job.prompts().prompt());
    job.prompts().negativePrompt().ifPresent(n -> text.append("\nNegative prompt: ").append(n));
    String settings =
        settings(i).entrySet().stream()
            .map(setting -> setting.getKey() + ": " + quoted(setting.getValue()))
            .collect(Collectors.joining(", "));
    return text.append('\n').append(settings).toString();
  }

  /** The {@code darkroom} chunk of image {@code i}: the job that renders it and nothing else. */
  public String jobJson(int i) {
    return CanonicalJson.text(job.single(i).pixels().toJson());
  }

  private Map<String, String> settings(int i) {
    Map<String, String> out = new LinkedHashMap<>();
    Sampling sampling = job.sampling();
    out.put("Steps", "" + sampling.numInferenceSteps());
    out.put("Sampler", SamplerAliases.nameOf(scheduler));
    out.put("CFG scale", CanonicalJson.number(sampling.guidanceScale()));
    sampling
        .imageGuidanceScale()
        .ifPresent(scale -> out.put("Image CFG scale", CanonicalJson.number(scale)));
    out.put("Seed", "" + job.seedOf(i));
    out.put("Size", size.width() + "x" + size.height());
    modelHash.ifPresent(
        hash -> out.put("Model hash", hash.substring(0, Math.min(SHORT_HASH, hash.length()))));
    out.put("Model", job.model());
    job.additions().vae().ifPresent(vae -> out.put("VAE", vae));
    if (sampling.guidanceRescale() > 0) {
      out.put("CFG Rescale", CanonicalJson.number(sampling.guidanceRescale()));
    }
    sampling.perturbed().ifPresent(pag -> out.put("PAG Scale", CanonicalJson.number(pag.scale())));
    job.source()
        .filter(s -> !job.edits())
        .ifPresent(s -> out.put("Denoising strength", CanonicalJson.number(s.strength())));
    // A1111 counts layers from the end; SDXL's own output is the second
    job.prompts().clipSkip().ifPresent(layers -> out.put("Clip skip", "" + (layers + 2)));
    job.refiner().ifPresent(refiner -> putRefiner(out, refiner));
    out.put("Version", "darkroom");
    return out;
  }

  private static void putRefiner(Map<String, String> out, RefinerChoice refiner) {
    out.put("Refiner", refiner.model());
    refiner
        .denoisingStart()
        .ifPresent(at -> out.put("Refiner switch at", CanonicalJson.number(at)));
  }

  /** As A1111's infotext_utils.quote: JSON text where a value would break the line apart. */
  private static String quoted(String value) {
    boolean breaks = value.chars().anyMatch(c -> c == ',' || c == '\n' || c == ':');
    return breaks ? CanonicalJson.text(TextNode.valueOf(value)) : value;
  }
}
