namespace TorchSharp;

public static partial class torch
{
    public static class linalg
    {
        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => Operator.CallTwo("linalg_eigh", "", input, UPLO.ToString());
    }
}
