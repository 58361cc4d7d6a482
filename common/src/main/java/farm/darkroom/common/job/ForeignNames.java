package farm.darkroom.common.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a job's fields are called in stable-diffusion-webui's API, in ComfyUI's nodes and by the
 * flags of {@code submit}. They are refused, with the name of the field or flag.
 */
public final class ForeignNames {
  private static final Map<String, String> FIELDS = fields();
  private static final Map<String, String> OF_LORA = ofLora();
  private static final Map<String, String> OF_CONTROLNET = ofControlNet();
  private static final Map<String, String> OF_T2I_ADAPTER = ofT2iAdapter();
  private static final Map<String, String> OF_IP_ADAPTER = ofIpAdapter();
  private static final String AND = " and ";

  private ForeignNames() {}

  /** The field that is called {@code typed} elsewhere, whatever its case and its underscores. */
  static Optional<String> translated(String typed) {
    return Optional.ofNullable(FIELDS.get(plain(typed)));
  }

  /** The same for a field of an object of {@code loras}. */
  static Optional<String> ofLora(String typed) {
    return Optional.ofNullable(OF_LORA.get(plain(typed)));
  }

  /** The same for a field of an object of {@code controlnet}. */
  static Optional<String> ofControlNet(String typed) {
    return Optional.ofNullable(OF_CONTROLNET.get(plain(typed)));
  }

  /** The same for a field of an object of {@code t2i_adapter}. */
  static Optional<String> ofT2iAdapter(String typed) {
    return Optional.ofNullable(OF_T2I_ADAPTER.get(plain(typed)));
  }

  /** The same for a field of an object of {@code ip_adapter}. */
  static Optional<String> ofIpAdapter(String typed) {
    return Optional.ofNullable(OF_IP_ADAPTER.get(plain(typed)));
  }

  /** The flag that stands for the field that {@code typed} names, or the flags for its parts. */
  public static Optional<String> flag(String typed, Collection<String> flags) {
    List<String> found = new ArrayList<>();
    for (String part : translated(typed).orElse(typed).split(AND)) {
      String field = field(part);
      flags.stream()
          .filter(flag -> field(flag).equals(field))
          .sorted()
          .findFirst()
          .ifPresent(found::add);
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(String.join(AND, found));
  }

  private static String field(String name) {
    return plain(translated(name).orElse(name));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
  }

  private static Map<String, String> fields() {
    Map<String, String> fields = new HashMap<>();
    put(fields, "num_inference_steps", "steps", "numsteps", "samplingsteps", "inferencesteps");
    put(fields, "guidance_scale", "cfgscale", "cfg", "guidance", "scale");
    put(fields, "scheduler", "sampler", "samplername", "samplerindex", "samplingmethod");
    put(fields, "negative_prompt", "negative", "uc");
    put(fields, "strength", "denoisingstrength", "denoise", "imagestrength");
    put(
        fields,
        "num_images_per_prompt",
        "niter",
        "batchsize",
        "batchcount",
        "count",
        "numimages",
        "n");
    put(fields, "width and height", "size", "resolution", "imagesize");
    put(fields, "prompt", "positive", "positiveprompt", "text");
    put(fields, "model", "ckpt", "ckptname", "checkpoint", "modelname", "sdmodelcheckpoint");
    put(fields, "image", "initimage", "initimages", "inputimage");
    put(fields, "mask_image", "mask", "inpaintmask");
    put(fields, "clip_skip", "clipstopatlastlayers");
    put(fields, "crops_coords_top_left", "crop");
    put(fields, "guidance_rescale", "cfgrescale", "rescalecfg");
    put(fields, "image_guidance_scale", "imagecfgscale", "imagecfg", "imageguidance");
    put(fields, "pag_scale", "pag", "perturbedattention", "perturbedattentionguidance");
    put(fields, "pag_adaptive_scale", "pagadaptive", "adaptivescale");
    put(fields, "pag_applied_layers", "paglayers", "pagappliedlayer", "appliedlayers");
    put(fields, "loras", "lora", "lorascale", "lorapath", "crossattentionkwargs", "adapters");
    put(
        fields,
        "controlnet[0].controlnet_conditioning_scale",
        "controlnetconditioningscale",
        "controlnetscale");
    put(fields, "controlnet[0].control_guidance_start", "controlguidancestart");
    put(fields, "controlnet[0].control_guidance_end", "controlguidanceend");
    put(fields, "controlnet[0].image", "controlimage");
    put(fields, "controlnet[0].control_mode", "controlmode");
    put(fields, "t2i_adapter", "t2iadapters");
    put(fields, "t2i_adapter[0].adapter_conditioning_scale", "adapterconditioningscale");
    put(fields, "ip_adapter", "ipadapters");
    put(
        fields,
        "ip_adapter[0].image",
        "ipadapterimage",
        "ipadapterimages",
        "imageprompt",
        "stylereference");
    put(fields, "ip_adapter[0].mask", "ipadaptermask", "ipadaptermasks");
    put(fields, "ip_adapter[0].scale", "ipadapterscale", "ipadapterweight");
    put(fields, "embeddings", "embedding", "textualinversion");
    put(fields, "freeu", "enablefreeu");
    return Map.copyOf(fields);
  }

  private static Map<String, String> ofLora() {
    Map<String, String> fields = new HashMap<>();
    put(fields, "path", "name", "file", "model", "lora", "loraname", "adaptername");
    put(fields, "weight", "scale", "strength", "strengthmodel", "multiplier", "adapterweight");
    return Map.copyOf(fields);
  }

  private static Map<String, String> ofControlNet() {
    Map<String, String> fields = new HashMap<>();
    put(fields, "model", "name", "path", "controlnet", "controlnetname");
    put(fields, "image", "images", "inputimage", "controlimage");
    put(
        fields,
        "controlnet_conditioning_scale",
        "weight",
        "scale",
        "strength",
        "conditioningscale");
    put(fields, "control_guidance_start", "guidancestart", "startpercent", "start");
    put(fields, "control_guidance_end", "guidanceend", "endpercent", "end");
    put(fields, "control_mode", "mode", "controlmodes", "controltype", "uniontype");
    return Map.copyOf(fields);
  }

  private static Map<String, String> ofT2iAdapter() {
    Map<String, String> fields = new HashMap<>();
    put(fields, "model", "name", "path", "adapter", "t2iadapter");
    put(fields, "image", "inputimage", "controlimage");
    put(
        fields,
        "adapter_conditioning_scale",
        "weight",
        "scale",
        "strength",
        "conditioningscale",
        "adapterweight");
    return Map.copyOf(fields);
  }

  private static Map<String, String> ofIpAdapter() {
    Map<String, String> fields = new HashMap<>();
    put(fields, "model", "name", "path", "ipadapter", "ipadaptername", "weightname");
    put(fields, "image", "images", "inputimage", "ipadapterimage", "imageprompt", "reference");
    put(fields, "mask", "masks", "maskimage", "ipadaptermask", "ipadaptermasks", "attnmask");
    put(fields, "scale", "weight", "strength", "ipadapterscale");
    return Map.copyOf(fields);
  }

  private static void put(Map<String, String> fields, String field, String... names) {
    List.of(names).forEach(name -> fields.put(name, field));
  }
}
