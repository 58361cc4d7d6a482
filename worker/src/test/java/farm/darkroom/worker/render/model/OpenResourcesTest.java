package farm.darkroom.worker.render.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.worker.render.inventory.FileVersions;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is open stays known, or is closed, when its files cannot be looked at. */
class OpenResourcesTest {
  private static final String LABEL = "model demo";
  private final OpenResources<String, Resource> open = new OpenResources<>();
  private final Resource resource = new Resource();
  private boolean unreadable;

  @Test
  void unreadableFilesLeaveItOpen() {
    open.beginRender();
    Resource opened = open.open("demo", LABEL, this::versions, () -> resource);
    unreadable = true;
    assertThatThrownBy(() -> open.find("demo", LABEL, this::versions)).hasMessage("input/output");
    assertThat(opened.closed).isFalse();
    open.close();
    assertThat(opened.closed).isTrue();
  }

  @Test
  void filesUnreadableAfterOpeningCloseIt() {
    assertThatThrownBy(() -> open.open("demo", LABEL, this::versions, this::spoil))
        .hasMessage("input/output");
    assertThat(resource.closed).isTrue();
  }

  private Resource spoil() {
    unreadable = true;
    return resource;
  }

  private FileVersions versions() {
    if (unreadable) {
      throw new FarmException(FailureKind.WORKER_UNFIT, "input/output");
    }
    return new FileVersions(Map.of());
  }

  private static final class Resource implements VersionedResource.Files {
    private boolean closed;

    @Override
    public PinnedWeights pinned() {
      return PinnedWeights.none();
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
