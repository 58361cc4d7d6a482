package farm.darkroom.sdxl.singlefile;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import java.util.Map;

/** The snapshot files that cannot be derived from tensors, as in SDXL's own snapshots. */
final class Defaults {
  private static final Map<String, String> CLASSES =
      Map.of(
          "unet", "UNet2DConditionModel",
          "vae", "AutoencoderKL",
          "text_encoder", "CLIPTextModel",
          "text_encoder_2", "CLIPTextModelWithProjection");

  /**
   * The tensor with the mean of an EDM model's training latents; {@code edm_std} has their
   * deviation.
   */
  static final String EDM_MEAN = "edm_mean";

  private Defaults() {}

  private static String pipeline(Component unet, boolean refiner) {
    if (refiner) {
      return "StableDiffusionXLImg2ImgPipeline";
    } else if (UNetConfig.isEditing(unet)) {
      return "StableDiffusionXLInstructPix2PixPipeline";
    }
    return UNetConfig.isInpainting(unet)
        ? "StableDiffusionXLInpaintPipeline"
        : "StableDiffusionXLPipeline";
  }

  /** model_index.json. */
  static ObjectNode index(Map<String, Component> components, boolean refiner) {
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    index.put("_class_name", pipeline(components.get(Component.UNET), refiner));
    index.put("force_zeros_for_empty_prompt", !refiner);
    index.put("requires_aesthetics_score", refiner);
    for (String component : components.keySet()) {
      String library = component.startsWith("text") ? "transformers" : "diffusers";
      index.putArray(component).add(library).add(CLASSES.get(component));
    }
    return index;
  }

  /**
   * scheduler_config.json: SDXL's. Files of v-prediction models carry empty tensors called {@code
   * v_pred} and, for betas with zero terminal SNR, {@code ztsnr}, which ComfyUI goes by too. One
   * with {@link #EDM_MEAN} is Playground v2.5, whose sampler has diffusers' defaults.
   */
  static ObjectNode scheduler(SafetensorsFile file) {
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    if (file.tensors().containsKey(EDM_MEAN)) {
      return config.put("_class_name", "EDMDPMSolverMultistepScheduler");
    }
    config.put("_class_name", "EulerDiscreteScheduler");
    config.put("beta_start", 0.00085);
    config.put("beta_end", 0.012);
    config.put("beta_schedule", "scaled_linear");
    config.put("num_train_timesteps", 1000);
    config.put("steps_offset", 1);
    config.put("timestep_spacing", "leading");
    config.put("interpolation_type", "linear");
    config.put("use_karras_sigmas", false);
    config.put(
        "prediction_type", file.tensors().containsKey("v_pred") ? "v_prediction" : "epsilon");
    config.put("rescale_betas_zero_snr", file.tensors().containsKey("ztsnr"));
    return config;
  }
}
