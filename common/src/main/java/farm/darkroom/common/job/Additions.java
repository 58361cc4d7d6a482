package farm.darkroom.common.job;

import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a job adds to its model.
 *
 * @param guessMode whether the ControlNets steer by their pictures more than by the prompt, and the
 *     conditional half alone
 * @param freeU FreeU of the base's UNet
 * @param vae instead of the snapshot's; absent: the snapshot's
 */
public record Additions(
    List<Lora> loras,
    List<Embedding> embeddings,
    List<ControlNetChoice> controlnet,
    boolean guessMode,
    T2iAdapters t2iAdapters,
    List<IpAdapterChoice> ipAdapter,
    Optional<FreeUChoice> freeU,
    Optional<String> vae) {
  private static final int MOST = 16;

  public Additions {
    loras = List.copyOf(loras);
    embeddings = List.copyOf(embeddings);
    controlnet = List.copyOf(controlnet);
    ipAdapter = List.copyOf(ipAdapter);
  }

  /** Whether what steers the UNet is one picture's own, so that no other shares its passes. */
  public boolean goAlone() {
    return !controlnet.isEmpty() || !t2iAdapters.isEmpty();
  }

  static Additions read(Fields f, PipelineDefaults defaults) {
    if (f.has("guess_mode") && !f.hasSome("controlnet")) {
      f.refuse("guess_mode", "found without controlnet, which it needs");
    }
    return new Additions(
        some(f, "loras", Lora.EXAMPLE, Lora.type()),
        some(f, "embeddings", Embedding.EXAMPLE, Embedding.type()),
        some(f, "controlnet", ControlNetChoice.EXAMPLE, ControlNetChoice.type(defaults)),
        f.or("guess_mode", JsonTypes.bool(), false),
        T2iAdapters.read(f),
        some(f, "ip_adapter", IpAdapterChoice.EXAMPLE, IpAdapterChoice.type()),
        f.optional("freeu", FreeUChoice.type()),
        f.optional("vae", Names.model()));
  }

  void write(FieldWriter out, PipelineDefaults defaults) {
    out.putUnless(List.of(), "loras", loras.stream().map(Lora::toJson).toList())
        .putUnless(List.of(), "embeddings", embeddings.stream().map(Embedding::toJson).toList())
        .putUnless(
            List.of(), "controlnet", controlnet.stream().map(c -> c.toJson(defaults)).toList())
        .putUnless(false, "guess_mode", guessMode);
    t2iAdapters.write(out);
    out.putUnless(List.of(), "ip_adapter", ipAdapter.stream().map(IpAdapterChoice::toJson).toList())
        .put("freeu", freeU.map(FreeUChoice::toJson))
        .put("vae", vae);
  }

  Additions withImages(UnaryOperator<ImageReference> change) {
    return new Additions(
        loras,
        embeddings,
        controlnet.stream().map(c -> c.withImages(change)).toList(),
        guessMode,
        t2iAdapters.withImages(change),
        ipAdapter.stream().map(a -> a.withImages(change)).toList(),
        freeU,
        vae);
  }

  Additions withFiles(UnaryOperator<FileReference> change) {
    return new Additions(
        loras.stream().map(lora -> lora.withFile(change)).toList(),
        embeddings.stream().map(embedding -> embedding.withFile(change)).toList(),
        controlnet,
        guessMode,
        t2iAdapters,
        ipAdapter,
        freeU,
        vae);
  }

  private static <T> List<T> some(Fields f, String name, String example, JsonType<T> type) {
    return f.or(name, JsonTypes.listSuchAs(example, type, 0, MOST), List.of());
  }
}
