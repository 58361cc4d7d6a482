  def staging(self: __torch__.Kernels, elements: int, dtype: int) -> Tensor:
    return torch.empty([elements], dtype=dtype, device=torch.device("cpu"), pin_memory=True)
  def await_copies(self: __torch__.Kernels, x: Tensor) -> NoneType:
    s = ops.cuda.current_stream(ops.prim.device(x))
    _0 = (s).synchronize()
    return None
  def copy_stream(self: __torch__.Kernels, room: Tensor) -> __torch__.torch.classes.cuda.Stream:
    s = __torch__.torch.classes.cuda.Stream.__new__(__torch__.torch.classes.cuda.Stream)
    _0 = (s).__init__(ops.prim.device(room), 0, )
    _1 = (s).wait_stream(ops.cuda.current_stream(ops.prim.device(room)), )
    return s
  def sent(self: __torch__.Kernels, raw: Dict[str, Tensor], convolutions: Dict[str, Tensor], room: Tensor, stream: __torch__.torch.classes.cuda.Stream, least: int) -> Dict[str, Tensor]:
    staging = self.staging_for(raw, room, least)
    out = self.send_own(raw, self.placed(raw, convolutions, room))
    main = ops.cuda.current_stream(ops.prim.device(room))
    ops.cuda.set_stream(stream)
    y = self.send_mapped(raw, convolutions, room, staging)
    ops.cuda.set_stream(main)
    return out
  def abandon(self: __torch__.Kernels, room: Tensor) -> int:
    ops.cuda.set_stream(ops.cuda.default_stream(ops.prim.device(room)))
    ops.cuda.synchronize(ops.prim.device(room))
    return 0
  def settle(self: __torch__.Kernels, device: str) -> int:
    ops.cuda.synchronize(torch.device(device))
    return 0
