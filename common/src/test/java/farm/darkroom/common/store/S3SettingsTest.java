package farm.darkroom.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3SettingsTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "DARKROOM_S3_ENDPOINT", "http://localhost:9000",
          "DARKROOM_S3_BUCKET", "nightly",
          "DARKROOM_S3_REGION", " ",
          "DARKROOM_S3_ACCESS_KEY", "access",
          "DARKROOM_S3_SECRET_KEY", "hush-hush");

  @Test
  void nothingGivenIsAwsWithTheSdksOwnChain() {
    S3Settings settings = S3Settings.resolve(Map.of(), Map.of());
    assertThat(settings)
        .isEqualTo(
            new S3Settings(
                Optional.empty(),
                Optional.empty(),
                "darkroom",
                false,
                Optional.empty(),
                Duration.ofSeconds(10)));
  }

  @Test
  void variablesAreReadAndAnEndpointMeansPathStyle() {
    S3Settings settings = S3Settings.resolve(Map.of(), ENVIRONMENT);
    assertThat(settings.endpoint()).contains(URI.create("http://localhost:9000"));
    assertThat(settings.bucket()).isEqualTo("nightly");
    assertThat(settings.region()).isEmpty();
    assertThat(settings.pathStyle()).isTrue();
    assertThat(settings.credentials()).contains(S3Credentials.of("access", "hush-hush"));
    assertThat(settings.display()).isEqualTo("s3://nightly at http://localhost:9000");
  }

  @Test
  void flagsWinOverVariables() {
    Map<String, String> flags =
        Map.of(
            "bucket", "other", "path-style", "no", "timeout-seconds", "0.5", "region", "eu-west-1");
    S3Settings settings = S3Settings.resolve(flags, ENVIRONMENT);
    assertThat(settings.bucket()).isEqualTo("other");
    assertThat(settings.pathStyle()).isFalse();
    assertThat(settings.timeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.region()).contains("eu-west-1");
  }

  @Test
  void textFormHidesTheKeyPair() {
    assertThat(S3Settings.resolve(Map.of(), ENVIRONMENT).toString())
        .contains("nightly")
        .doesNotContain("hush-hush")
        .doesNotContain("access");
  }

  @ParameterizedTest
  @CsvSource({
    "endpoint,localhost:9000,http://localhost:9000",
    "endpoint,ftp://x,http://localhost:9000",
    "endpoint,http://host:port:9,no address",
    "endpoint,http://user:hush-hush@host:9000,must not hold credentials",
    "bucket,My_Bucket,3 to 63 of",
    "path-style,maybe,neither true nor false",
    "timeout-seconds,soon,no number",
    "timeout-seconds,-1,positive",
    "timeout-seconds,NaN,positive",
    "access-key,lonely,DARKROOM_S3_SECRET_KEY",
    "secret-key,hush-hush,DARKROOM_S3_ACCESS_KEY"
  })
  void wrongSettingsAreNamed(String name, String value, String said) {
    assertThatThrownBy(() -> S3Settings.resolve(Map.of(name, value), Map.of()))
        .isInstanceOf(FarmException.class)
        .hasMessageStartingWith("store settings: ")
        .hasMessageContaining(said)
        .hasMessageNotContainingAny("hush-hush");
  }
}
