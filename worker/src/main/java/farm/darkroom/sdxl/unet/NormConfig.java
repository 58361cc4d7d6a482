package farm.darkroom.sdxl.unet;

import farm.darkroom.sdxl.snapshot.ConfigReader;
import java.util.List;

/** Group normalisation of resnets and of the output. */
public record NormConfig(int groups, double eps) {

  private static final String GROUPS = "norm_num_groups";

  /**
   * @param channels of the blocks, each of which is normalised in groups
   */
  static NormConfig of(ConfigReader json, List<Integer> channels) {
    if (json.root().path(GROUPS).isNull()) {
      throw json.refusal(GROUPS, "a whole number from 1");
    }
    NormConfig norm = new NormConfig(json.integer(GROUPS, 32), json.epsilon("norm_eps", 1e-5));
    if (channels.stream().anyMatch(count -> count % norm.groups() != 0)) {
      throw json.refusal(GROUPS, "a divisor of every one of " + channels);
    }
    return norm;
  }
}
