  # Streams and pinned memory of a GPU (docs/adr/018). libtorch without CUDA does not know these operators and would refuse them.

  # Memory of the host that the GPU reads by itself.
  def staging(self: __torch__.Kernels, elements: int, dtype: int) -> Tensor:
    return torch.empty([elements], dtype=dtype, device=torch.device("cpu"), pin_memory=True)

  # Waits for what was queued on the current stream of x's device.
  def await_copies(self: __torch__.Kernels, x: Tensor) -> NoneType:
    s = ops.cuda.current_stream(ops.prim.device(x))
    _0 = (s).synchronize()
    return None

  # A stream that waits for what was queued before, and for nothing that is queued after.
  def copy_stream(self: __torch__.Kernels, room: Tensor) -> __torch__.torch.classes.cuda.Stream:
    s = __torch__.torch.classes.cuda.Stream.__new__(__torch__.torch.classes.cuda.Stream)
    _0 = (s).__init__(ops.prim.device(room), 0, )
    _1 = (s).wait_stream(ops.cuda.current_stream(ops.prim.device(room)), )
    return s

  # The tensors of `raw` on the device, as views into `room`, when this returns. What networks changed is there already and is copied on
  # the computing stream; what is mapped comes through pinned memory of at least `least` elements a half, on `stream`.
  def sent(self: __torch__.Kernels, raw: Dict[str, Tensor], layouts: Dict[str, str], room: Tensor, stream: __torch__.torch.classes.cuda.Stream, least: int) -> Dict[str, Tensor]:
    staging = self.staging_for(raw, room, least)
    out = self.send_own(raw, self.placed(raw, layouts, room))
    main = ops.cuda.current_stream(ops.prim.device(room))
    ops.cuda.set_stream(stream)
    y = self.send_mapped(raw, layouts, room, staging)
    ops.cuda.set_stream(main)
    return out

  # Puts the thread back on the computing stream after a transfer that failed, and waits until nothing goes into the room any more.
  def abandon(self: __torch__.Kernels, room: Tensor) -> int:
    ops.cuda.set_stream(ops.cuda.default_stream(ops.prim.device(room)))
    ops.cuda.synchronize(ops.prim.device(room))
    return 0

  # Waits until the device has done what it was told.
  def settle(self: __torch__.Kernels, device: str) -> int:
    ops.cuda.synchronize(torch.device(device))
    return 0
