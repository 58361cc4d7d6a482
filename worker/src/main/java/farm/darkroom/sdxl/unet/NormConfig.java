package farm.darkroom.sdxl.unet;

/** Group normalisation of resnets and of the output. */
public record NormConfig(int groups, double eps) {

  static NormConfig of(ConfigReader json) {
    if (json.root().path("norm_num_groups").isNull()) {
      throw json.refusal("norm_num_groups", "a whole number from 1 on");
    }
    return new NormConfig(json.integer("norm_num_groups", 32), json.number("norm_eps", 1e-5));
  }
}
