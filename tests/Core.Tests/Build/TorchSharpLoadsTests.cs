using TorchSharp;

namespace Hone.Core.Tests.Build;

public class TorchSharpLoadsTests
{
    [Fact]
    public void ATensorCanBeCreatedAndSummed()
    {
        using torch.Tensor two = torch.ones(2).sum();
        Assert.Equal(2f, two.item<float>());
    }
}
