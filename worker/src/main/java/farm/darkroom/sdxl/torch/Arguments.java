package farm.darkroom.sdxl.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a kernel is called with, as libtorch takes it: NDArray, TensorDict, UploadBuffer.Stream,
 * int, long, double, boolean, String, long[], double[], {@code List<NDArray>}, {@code Map<String,
 * NDArray>} and {@code Map<String, String>}. Closing it frees what was made for the call and no
 * tensor. Not thread-safe.
 */
final class Arguments implements AutoCloseable {
  private final List<IValue> values = new ArrayList<>();
  private final List<IValue> own = new ArrayList<>();

  /**
   * In the kernel's order.
   *
   * @throws IllegalArgumentException for another type
   */
  static Arguments of(Object... arguments) {
    Arguments all = new Arguments();
    try {
      for (Object argument : arguments) {
        all.add(argument);
      }
      return all;
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  IValue[] array() {
    return values.toArray(IValue[]::new);
  }

  private void add(Object argument) {
    if (argument instanceof TensorDict dict) {
      values.add(dict.value());
    } else if (argument instanceof UploadBuffer.Stream stream) {
      values.add(stream.value());
    } else {
      IValue value = fresh(argument);
      own.add(value);
      values.add(value);
    }
  }

  private IValue fresh(Object argument) {
    if (argument instanceof PtNDArray tensor) {
      return IValue.from(tensor);
    } else if (argument instanceof Integer || argument instanceof Long) {
      return IValue.from(((Number) argument).longValue());
    } else if (argument instanceof Double number) {
      return IValue.from(number);
    } else if (argument instanceof Boolean flag) {
      return IValue.from(flag);
    } else if (argument instanceof String text) {
      return IValue.from(text);
    } else if (argument instanceof long[] numbers) {
      return IValue.listFrom(numbers);
    } else if (argument instanceof double[] numbers) {
      return IValue.listFrom(numbers);
    } else if (argument instanceof List<?> tensors) {
      return IValue.listFrom(tensors.toArray(PtNDArray[]::new));
    } else if (argument instanceof Map<?, ?> map) {
      return map.values().stream().allMatch(String.class::isInstance) ? strings(map) : tensors(map);
    }
    throw new IllegalArgumentException("no kernel argument: " + argument);
  }

  private IValue strings(Map<?, ?> strings) {
    Map<String, IValue> map = new LinkedHashMap<>();
    strings.forEach((key, string) -> map.put((String) key, IValue.from((String) string)));
    own.addAll(map.values());
    return IValue.stringIValueMapFrom(map);
  }

  private static IValue tensors(Map<?, ?> tensors) {
    Map<String, PtNDArray> map = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> map.put((String) name, (PtNDArray) tensor));
    return IValue.stringMapFrom(map);
  }

  @Override
  public void close() {
    own.forEach(IValue::close);
  }
}
