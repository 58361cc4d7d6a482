package farm.darkroom.common.job;

import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;

/** The aesthetic scores that refiners are conditioned on, with diffusers' defaults. */
final class AestheticScores {
  static final JsonType<Double> TYPE = JsonTypes.number(0, 100);
  static final double POSITIVE = 6.0;
  static final double NEGATIVE = 2.5;

  private AestheticScores() {}
}
