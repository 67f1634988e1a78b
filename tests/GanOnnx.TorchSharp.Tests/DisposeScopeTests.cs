using GanOnnx.TorchSharp.Tests.Fixtures;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanOnnx.TorchSharp.Tests;

/// <summary>Who owns a tensor and when it goes.</summary>
public sealed class DisposeScopeTests
{
    [Test]
    public void Dispose_DisposesWhatWasMadeInside()
    {
        Tensor made, sum;
        using (NewDisposeScope())
            sum = (made = ones([1])) + 1;

        Assert.That((made.IsInvalid, sum.IsInvalid), Is.EqualTo((true, true)));
    }

    [Test]
    public void Dispose_LeavesWhatWasMadeOutside()
    {
        using var before = ones([1]);
        NewDisposeScope().Dispose();
        using var after = ones([1]);

        Assert.That((before.IsInvalid, after.IsInvalid), Is.EqualTo((false, false)));
    }

    [Test]
    public void Dispose_OfTheInner_LeavesTheOuters()
    {
        using var outer = NewDisposeScope();
        var first = ones([1]);
        Tensor inside;
        using (NewDisposeScope())
            inside = ones([1]);
        var second = ones([1]);

        Assert.That((first.IsInvalid, inside.IsInvalid, second.IsInvalid), Is.EqualTo((false, true, false)));
        Assert.That(outer.DisposablesCount, Is.EqualTo(2));
    }

    [Test]
    public void MoveToOuter_SurvivesTheInnerAndGoesWithTheOuter()
    {
        Tensor moved;
        using (NewDisposeScope())
        {
            using (var inner = NewDisposeScope())
                moved = inner.MoveToOuter(ones([1]));
            Assert.That(moved.IsInvalid, Is.False);
        }
        Assert.That(moved.IsInvalid, Is.True);
    }

    [Test]
    public void MoveToOuterDisposeScope_IsTheSameFromTheTensor()
    {
        Tensor moved;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
                moved = ones([1]).MoveToOuterDisposeScope();
            Assert.That(moved.IsInvalid, Is.False);
        }
        Assert.That(moved.IsInvalid, Is.True);
    }

    [Test]
    public void MoveToOuter_OfTheOutermost_BelongsToNoScope()
    {
        Tensor moved;
        using (var scope = NewDisposeScope())
            moved = scope.MoveToOuter(ones([1]));

        Assert.That(moved.IsInvalid, Is.False);
        moved.Dispose();
    }

    [Test]
    public void Detach_SurvivesEveryScope()
    {
        Tensor detached, fromTensor;
        using (NewDisposeScope())
        using (var inner = NewDisposeScope())
        {
            detached = inner.Detach(ones([1]));
            fromTensor = ones([1]).DetachFromDisposeScope();
        }

        Assert.That((detached.IsInvalid, fromTensor.IsInvalid), Is.EqualTo((false, false)));
        detached.Dispose();
        fromTensor.Dispose();
    }

    [Test]
    public void DisposedTensor_LeavesItsScope()
    {
        using var scope = NewDisposeScope();
        var tensor = ones([1]);

        tensor.Dispose();

        Assert.That(scope.DisposablesCount, Is.Zero);
    }

    [Test]
    public void DisposeEverything_KeepsTheScopeOpen()
    {
        using var scope = NewDisposeScope();
        var first = ones([1]);

        scope.DisposeEverything();
        var second = ones([1]);

        Assert.That((first.IsInvalid, second.IsInvalid, scope.DisposablesCount), Is.EqualTo((true, false, 1)));
    }

    [Test]
    public void DisposedTensor_UsedAgain_Throws()
    {
        var tensor = ones([1]);
        tensor.Dispose();

        Assert.That(() => tensor.add(1), Throws.InvalidOperationException);
    }

    [Test]
    public void Dispose_Twice_IsAllowed()
    {
        var tensor = ones([1]);
        tensor.Dispose();

        Assert.That(tensor.Dispose, Throws.Nothing);
    }

    [Test]
    public void Scope_HoldsForItsThreadOnly()
    {
        Tensor? other = null;
        using (NewDisposeScope())
        {
            var thread = new Thread(() => other = ones([1]));
            thread.Start();
            thread.Join();
        }

        Assert.That(other!.IsInvalid, Is.False);
        other.Dispose();
    }

    [Test]
    public void Module_MadeInAScope_OutlivesIt()
    {
        BatchNorm2d norm;
        Linear linear;
        using (NewDisposeScope())
            (norm, linear) = (nn.BatchNorm2d(2), nn.Linear(2, 2));

        Assert.That(norm.state_dict().Values.Concat(linear.state_dict().Values).Select(t => t.IsInvalid), Is.All.False);
        norm.Dispose();
        linear.Dispose();
    }

    [Test]
    public void Parameter_TakesItsTensorsPlaceInTheScope()
    {
        using var scope = NewDisposeScope();
        var tensor = ones([1]);
        var parameter = nn.Parameter(tensor);

        Assert.That((tensor.IsInvalid, parameter.IsInvalid, scope.DisposablesCount), Is.EqualTo((true, false, 1)));
    }

    [Test]
    public void OptimizerState_MadeInAScope_OutlivesIt()
    {
        using var parameter = nn.Parameter(ones([1]));
        Adam adam;
        using (NewDisposeScope())
        {
            adam = optim.Adam([parameter]);
            parameter.sum().backward();
            adam.step();
        }

        Assert.That(adam.state_dict().State.Cast<Adam.State>().Single().exp_avg.IsInvalid, Is.False);
        adam.Dispose();
    }

    /// <summary>Tensors left to the garbage collector are freed by its thread while another one computes.</summary>
    [Test, CancelAfter(60_000)]
    public void Finalizers_WhileComputing_DisturbNothing(CancellationToken timeout)
    {
        var done = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref done) && !timeout.IsCancellationRequested)
            {
                Leave(50);
                GC.Collect(0);
                Thread.Sleep(1);
            }
        });
        collector.Start();
        List<float[]> results = [];
        using (var network = nn.Sequential(nn.Conv2d(2, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(64, 1)).WithDrawnWeights())
            for (var step = 0; step < 200; step++)
            {
                using var scope = NewDisposeScope();
                var input = Values.Draw([2, 2, 6, 6], 1).requires_grad_();
                network.call(input).sum().backward();
                results.Add(Values.Of(input.grad!));
            }
        Volatile.Write(ref done, true);
        collector.Join();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.That(results, Is.All.EqualTo(results[0]).Within(1e-6), "two threads may add in another order");
    }

    private static void Leave(int count)
    {
        for (var i = 0; i < count; i++)
            _ = tensor(new float[100], [10, 10]);
    }
}
