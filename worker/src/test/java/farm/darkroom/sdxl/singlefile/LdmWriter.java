package farm.darkroom.sdxl.singlefile;

import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.StoredTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes a snapshot of diffusers as a single file in the names of the original code: the way back,
 * written apart from the code that it tests.
 */
public final class LdmWriter {
  private static final int RESNETS = 2;
  private static final Pattern UNET_BLOCK =
      Pattern.compile("(down|mid|up)_blocks?(?:\\.(\\d+))?\\.(\\w+)\\.(\\d+)\\.(.*)");
  private static final Map<String, String> UNET =
      Map.of(
          "time_embedding.linear_1", "time_embed.0",
          "time_embedding.linear_2", "time_embed.2",
          "add_embedding.linear_1", "label_emb.0.0",
          "add_embedding.linear_2", "label_emb.0.2",
          "conv_in", "input_blocks.0.0",
          "conv_norm_out", "out.0",
          "conv_out", "out.2");
  private static final Map<String, String> RESNET =
      Map.of(
          "norm1", "in_layers.0",
          "conv1", "in_layers.2",
          "norm2", "out_layers.0",
          "conv2", "out_layers.3",
          "time_emb_proj", "emb_layers.1",
          "conv_shortcut", "skip_connection");
  private final Map<String, Stored> tensors = new LinkedHashMap<>();

  /** A tensor as it is written. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
  private record Stored(String type, List<Long> shape, byte[] bytes) {}

  /** The snapshot's components, in one file. */
  public static void write(Path snapshot, Path file) throws IOException {
    write(snapshot, file, true);
  }

  /** The same without its VAE. */
  public static void writeBare(Path snapshot, Path file) throws IOException {
    write(snapshot, file, false);
  }

  private static void write(Path snapshot, Path file, boolean vae) throws IOException {
    LdmWriter writer = new LdmWriter();
    boolean base = Files.isDirectory(snapshot.resolve("text_encoder"));
    writer.unet(snapshot.resolve("unet/diffusion_pytorch_model.safetensors"));
    if (vae) {
      writer.vae(snapshot.resolve("vae/diffusion_pytorch_model.safetensors"), "first_stage_model.");
    }
    if (base) {
      SafetensorsFile clip =
          SafetensorsFile.open(snapshot.resolve("text_encoder/model.safetensors"));
      clip.tensors()
          .values()
          .forEach(t -> writer.add("conditioner.embedders.0.transformer." + t.name(), clip, t));
    }
    writer.openClip(
        snapshot.resolve("text_encoder_2/model.safetensors"),
        "conditioner.embedders." + (base ? 1 : 0) + ".model.");
    writer.tensors.put("alphas_cumprod", new Stored("F32", List.of(1L), new byte[4]));
    writer.save(file);
  }

  /** A VAE of diffusers alone, with names that have no prefix. */
  public static void writeVae(Path weights, Path file) throws IOException {
    LdmWriter writer = new LdmWriter();
    writer.vae(weights, "");
    writer.save(file);
  }

  /** A ControlNet of diffusers, with names behind {@code prefix}. */
  public static void writeControlNet(Path weights, Path file, String prefix) throws IOException {
    LdmWriter writer = new LdmWriter();
    SafetensorsFile net = SafetensorsFile.open(weights);
    for (StoredTensor tensor : net.tensors().values()) {
      writer.add(prefix + controlName(tensor.name(), net), net, tensor);
    }
    writer.save(file);
  }

  private static String controlName(String name, SafetensorsFile net) {
    Matcher zero = Pattern.compile("controlnet_down_blocks\\.(\\d+)\\.(\\w+)").matcher(name);
    if (zero.matches()) {
      return "zero_convs.%s.0.%s".formatted(zero.group(1), zero.group(2));
    }
    Matcher hint = Pattern.compile("controlnet_cond_embedding\\.blocks\\.(\\d)(.*)").matcher(name);
    if (hint.matches()) {
      return "input_hint_block." + (2 * Integer.parseInt(hint.group(1)) + 2) + hint.group(2);
    }
    String renamed =
        name.replace("controlnet_cond_embedding.conv_in", "input_hint_block.0")
            .replace("controlnet_cond_embedding.conv_out", "input_hint_block.14")
            .replace("controlnet_mid_block", "middle_block_out.0");
    return renamed.equals(name) ? unetName(name, net) : renamed;
  }

  private void unet(Path file) {
    SafetensorsFile unet = SafetensorsFile.open(file);
    for (StoredTensor tensor : unet.tensors().values()) {
      add("model.diffusion_model." + unetName(tensor.name(), unet), unet, tensor);
    }
  }

  private static String unetName(String name, SafetensorsFile unet) {
    int leaf = name.lastIndexOf('.');
    if (UNET.containsKey(name.substring(0, leaf))) {
      return UNET.get(name.substring(0, leaf)) + name.substring(leaf);
    }
    Matcher part = UNET_BLOCK.matcher(name);
    if (!part.matches()) {
      throw new AssertionError(name);
    }
    int block = part.group(2) == null ? 0 : Integer.parseInt(part.group(2));
    int index = Integer.parseInt(part.group(4));
    int attention = part.group(3).equals("attentions") ? 1 : 0;
    if (part.group(3).equals("downsamplers")) {
      return "input_blocks.%d.0.op%s".formatted((block + 1) * (RESNETS + 1), name.substring(leaf));
    }
    if (part.group(3).equals("upsamplers")) {
      boolean attended =
          unet.tensors().containsKey("up_blocks." + block + ".attentions.0.norm.bias");
      int last = block * (RESNETS + 1) + RESNETS;
      return "output_blocks.%d.%d.conv%s".formatted(last, attended ? 2 : 1, name.substring(leaf));
    }
    String rest = attention == 1 ? part.group(5) : resnet(part.group(5));
    return switch (part.group(1)) {
      case "down" ->
          "input_blocks.%d.%d.%s".formatted(block * (RESNETS + 1) + index + 1, attention, rest);
      case "up" ->
          "output_blocks.%d.%d.%s".formatted(block * (RESNETS + 1) + index, attention, rest);
      default -> "middle_block.%d.%s".formatted(attention == 1 ? 1 : 2 * index, rest);
    };
  }

  private static String resnet(String rest) {
    int leaf = rest.lastIndexOf('.');
    return RESNET.get(rest.substring(0, leaf)) + rest.substring(leaf);
  }

  private void vae(Path file, String prefix) {
    SafetensorsFile vae = SafetensorsFile.open(file);
    for (StoredTensor tensor : vae.tensors().values()) {
      String name = prefix + vaeName(tensor.name());
      boolean matrix = tensor.name().contains(".attentions.") && tensor.shape().size() == 2;
      List<Long> shape = new ArrayList<>(tensor.shape());
      shape.addAll(matrix ? List.of(1L, 1L) : List.of());
      tensors.put(name, new Stored(tensor.type().name(), shape, bytes(vae, tensor)));
    }
  }

  private static String vaeName(String name) {
    Matcher up = Pattern.compile("decoder\\.up_blocks\\.(\\d)\\.(.*)").matcher(name);
    String turned =
        up.matches()
            ? "decoder.up." + (3 - Integer.parseInt(up.group(1))) + "." + up.group(2)
            : name;
    return turned
        .replace("encoder.down_blocks.", "encoder.down.")
        .replace(".downsamplers.0.", ".downsample.")
        .replace(".upsamplers.0.", ".upsample.")
        .replace(".mid_block.resnets.0.", ".mid.block_1.")
        .replace(".mid_block.resnets.1.", ".mid.block_2.")
        .replace(".resnets.", ".block.")
        .replace(".mid_block.attentions.0.", ".mid.attn_1.")
        .replace(".group_norm.", ".norm.")
        .replace("attn_1.to_out.0.", "attn_1.proj_out.")
        .replace("attn_1.to_", "attn_1.")
        .replace(".conv_norm_out.", ".norm_out.")
        .replace(".conv_shortcut.", ".nin_shortcut.");
  }

  private void openClip(Path file, String prefix) {
    SafetensorsFile clip = SafetensorsFile.open(file);
    Map<String, StoredTensor> all = clip.tensors();
    for (StoredTensor tensor : all.values()) {
      String name = tensor.name();
      if (name.equals("text_projection.weight")) {
        tensors.put(prefix + "text_projection", transposed(clip, tensor));
      } else if (name.contains(".q_proj.")) {
        List<StoredTensor> parts =
            List.of(
                tensor,
                all.get(name.replace(".q_proj.", ".k_proj.")),
                all.get(name.replace(".q_proj.", ".v_proj.")));
        tensors.put(prefix + openClipName(name), joined(clip, parts));
      } else if (!name.contains(".k_proj.") && !name.contains(".v_proj.")) {
        add(prefix + openClipName(name), clip, tensor);
      }
    }
    tensors.put(prefix + "logit_scale", new Stored("F32", List.of(), new byte[4]));
  }

  private static String openClipName(String name) {
    return name.replace("text_model.embeddings.position_embedding.weight", "positional_embedding")
        .replace("text_model.embeddings.token_embedding", "token_embedding")
        .replace("text_model.final_layer_norm", "ln_final")
        .replace("text_model.encoder.layers.", "transformer.resblocks.")
        .replace(".layer_norm", ".ln_")
        .replace(".mlp.fc1.", ".mlp.c_fc.")
        .replace(".mlp.fc2.", ".mlp.c_proj.")
        .replace(".self_attn.q_proj.", ".attn.in_proj_")
        .replace(".self_attn.", ".attn.");
  }

  private static Stored joined(SafetensorsFile file, List<StoredTensor> parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    parts.forEach(part -> bytes.writeBytes(bytes(file, part)));
    List<Long> shape = new ArrayList<>(parts.get(0).shape());
    shape.set(0, 3 * shape.get(0));
    return new Stored(parts.get(0).type().name(), shape, bytes.toByteArray());
  }

  private static Stored transposed(SafetensorsFile file, StoredTensor tensor) {
    int rows = tensor.shape().get(0).intValue();
    int columns = tensor.shape().get(1).intValue();
    ByteBuffer from = file.bytes(tensor);
    ByteBuffer to = ByteBuffer.allocate(from.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows * columns; i++) {
      to.putShort(2 * ((i % columns) * rows + i / columns), from.getShort(2 * i));
    }
    return new Stored("F16", List.of((long) columns, (long) rows), to.array());
  }

  private void add(String name, SafetensorsFile file, StoredTensor tensor) {
    Stored stored = new Stored(tensor.type().name(), tensor.shape(), bytes(file, tensor));
    if (tensors.put(name, stored) != null) {
      throw new AssertionError(name + " twice");
    }
  }

  private static byte[] bytes(SafetensorsFile file, StoredTensor tensor) {
    ByteBuffer mapped = file.bytes(tensor);
    byte[] bytes = new byte[mapped.remaining()];
    mapped.get(bytes);
    return bytes;
  }

  private void save(Path file) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    List<String> entries = new ArrayList<>();
    tensors.forEach(
        (name, tensor) -> {
          int begin = content.size();
          content.writeBytes(tensor.bytes());
          entries.add(
              "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                  .formatted(
                      name,
                      tensor.type(),
                      tensor.shape().stream()
                          .map(String::valueOf)
                          .collect(Collectors.joining(",", "[", "]")),
                      begin,
                      content.size()));
        });
    byte[] header = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(length.putLong(header.length).array());
    all.writeBytes(header);
    all.writeBytes(content.toByteArray());
    Files.write(file, all.toByteArray());
  }
}
