using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace GanOnnx.TorchSharp.Tests.Fixtures;

/// <summary>
/// What Python's PyTorch says, written by pytorch.py beside this file: a case's name, its result's shape, and the sums
/// of the result's elements weighted by sin(0.9 i + 1), by cos(1.7 i) and by 1, which no wrong or misplaced element leaves alone.
/// </summary>
internal static class PyTorch
{
    // Sums of at most 600 float32 values of size 4, each of which may be off by some 1e-6.
    private const double Tolerance = 5e-4;

    public static void Check(string rows, string name, Tensor result)
    {
        var row = Rows(rows).Single(row => row[0] == name);
        Assert.That(string.Join('x', result.shape), Is.EqualTo(row[1]), "shape");
        var values = result.to(ScalarType.Float64).contiguous().data<double>().ToArray();
        double[] sums = [Sum(i => Math.Sin(0.9 * i + 1)), Sum(i => Math.Cos(1.7 * i)), Sum(_ => 1)];
        Assert.That(sums, Is.EqualTo(row[2].Split(' ').Select(sum => double.Parse(sum, CultureInfo.InvariantCulture))).Within(Tolerance));

        double Sum(Func<int, double> weight) => values.Select((value, i) => value * weight(i)).Sum();
    }

    public static IEnumerable<string> Names(string rows) => Rows(rows).Select(row => row[0]);

    private static IEnumerable<string[]> Rows(string rows) => rows.Split('\n').Select(row => row.Split('|', StringSplitOptions.TrimEntries));

    public const string Modules = """
        conv1d zeros | 2x3x9 | 5.61144 -0.15822 22.44496
        conv2d zeros | 2x3x3x8 | 20.91132 -6.78201 60.04960
        conv3d zeros | 1x3x5x7x2 | 1.73005 -0.07245 87.86648
        conv1d reflect | 2x3x9 | 6.88245 0.34090 22.44055
        conv2d reflect | 2x3x3x8 | -2.23230 -11.67847 59.42202
        conv1d replicate | 2x3x9 | 10.09537 -1.54239 22.56495
        conv2d replicate | 2x3x3x8 | 33.80264 12.29822 60.31120
        conv3d replicate | 1x3x5x7x2 | 4.53717 -1.34035 87.16124
        conv1d circular | 2x3x9 | 3.73401 0.24466 22.43629
        conv2d circular | 2x3x3x8 | 11.62715 -30.45957 60.06069
        conv3d circular | 1x3x5x7x2 | 2.15605 -3.55989 88.04421
        conv2d dilated groups | 2x6x3x1 | -1.04195 1.50008 0.00539
        conv2d unbatched | 3x4x3 | -3.06167 0.42325 21.93619
        conv1d same | 2x3x7 | 1.13808 -0.20440 22.20824
        conv2d same | 2x3x6x5 | -7.01884 7.31854 75.72221
        conv3d same | 1x3x4x5x3 | 0.24157 -0.89342 80.41842
        conv2d valid | 2x3x2x2 | 5.03377 1.94486 9.75882
        conv2d same reflect | 2x3x6x5 | -6.96322 10.53979 92.51502
        convtranspose1d | 2x3x21 | 0.09101 1.69046 52.69451
        convtranspose2d | 2x2x14x15 | 5.83585 6.72301 380.55112
        convtranspose2d sized | 2x2x14x15 | 2.33844 1.34280 385.00616
        convtranspose3d | 1x3x4x10x7 | 1.18479 0.63669 351.25111
        linear | 2x4x3 | 2.86901 -16.12712 7.73180
        bilinear | 2x5 | 1.04616 -0.18462 2.64429
        embedding | 2x3x3 | -1.43587 -0.50286 -0.30564
        embedding of a norm | 2x3x3 | -0.67932 -0.20417 -0.58819
        embeddingbag sum | 2x3 | -2.85069 0.73662 1.24217
        embeddingbag sum offsets | 3x3 | -0.80493 -0.52961 -0.30564
        embeddingbag mean | 2x3 | -1.42534 0.36831 0.62109
        embeddingbag mean offsets | 3x3 | -0.43427 -0.14128 -0.38811
        embeddingbag max | 2x3 | -1.07058 0.27435 1.24000
        embeddingbag max offsets | 3x3 | 0.68172 0.15314 1.24841
        embeddingbag weighted | 2x3 | -1.03915 0.36184 -0.69925
        batchnorm1d | 2x4x7 | 1.68863 0.54432 16.97001
        batchnorm1d of rows | 2x4 | 0.67970 0.04607 3.48672
        batchnorm2d | 2x4x6x5 | -5.76882 -0.09426 -14.77998
        batchnorm3d | 1x2x4x5x3 | -0.74212 0.24795 54.99407
        instancenorm1d | 2x4x7 | -4.45998 -0.16160 -0.00000
        instancenorm2d | 2x4x6x5 | -0.81339 -2.18770 76.50539
        instancenorm2d unbatched | 4x6x5 | 0.00783 -0.47181 38.25270
        instancenorm2d running | 2x4x6x5 | 1.11201 1.88499 90.50297
        instancenorm3d | 1x2x4x5x3 | -3.03475 0.34564 -0.00000
        layernorm | 2x4x6x5 | 1.81794 0.91462 17.16348
        layernorm plain | 2x4x6x5 | -7.37035 -3.27855 -0.00000
        groupnorm | 2x4x6x5 | -0.77391 -2.13749 76.72347
        groupnorm plain | 2x4x7 | -4.45998 -0.16160 -0.00000
        localresponsenorm of 3 | 2x4x7 | -2.02325 -0.11237 0.51576
        localresponsenorm of 4 | 2x4x6x5 | -3.56055 0.33037 1.66110
        localresponsenorm of 5 | 1x2x4x5x3 | -1.69637 0.21507 1.62683
        celu | 3x4x2x2 | -10.13247 -4.28251 54.12547
        elu | 3x4x2x2 | -10.10617 -4.26787 54.87310
        gelu | 3x4x2x2 | -8.71952 -4.31289 62.24734
        glu | 3x2x2x2 | 2.12799 1.51010 22.93972
        hardshrink | 3x4x2x2 | -17.73577 -4.14370 5.98878
        hardsigmoid | 3x4x2x2 | -2.57756 -0.61981 25.09143
        hardswish | 3x4x2x2 | -8.57556 -4.54447 57.88820
        hardtanh | 3x4x2x2 | -7.98462 -2.34658 21.06882
        leakyrelu | 3x4x2x2 | -10.68124 -4.18365 52.58561
        logsigmoid | 3x4x2x2 | -9.01246 -0.44485 -64.30266
        logsoftmax | 3x4x2x2 | -20.07463 2.23462 -165.78755
        mish | 3x4x2x2 | -8.98485 -4.36239 59.47057
        relu | 3x4x2x2 | -8.90796 -4.21795 63.98278
        relu6 | 3x4x2x2 | -8.90796 -4.21795 63.98278
        rrelu | 3x4x2x2 | -10.93984 -4.17864 50.92352
        selu | 3x4x2x2 | -13.57275 -4.60734 35.19534
        sigmoid | 3x4x2x2 | -2.53475 -0.57028 24.98964
        silu | 3x4x2x2 | -8.61698 -4.29247 56.90661
        softmax | 3x4x2x2 | -1.17248 0.56691 12.00000
        softmax2d | 3x4x2x2 | -1.17248 0.56691 12.00000
        softmin | 3x4x2x2 | 0.82974 0.77118 12.00000
        softplus | 3x4x2x2 | -8.67674 -3.97456 65.75918
        softshrink | 3x4x2x2 | -13.78003 -3.37144 4.58878
        softsign | 3x4x2x2 | -4.19674 -0.85054 2.14045
        tanh | 3x4x2x2 | -5.50657 -1.08476 2.63978
        tanhshrink | 3x4x2x2 | -12.26780 -2.96167 4.35717
        threshold | 3x4x2x2 | -15.01517 -6.20266 10.97461
        prelu | 3x4x2x2 | -10.68116 -2.18940 43.93464
        maxpool1d | 2x4x4 | 1.35639 -1.15293 10.80449
        maxpool2d | 2x4x3x4 | 1.10094 -0.91040 83.96864
        maxpool2d ceil dilated | 2x4x2x2 | 1.88825 0.40233 14.54293
        maxpool3d | 1x2x2x2x3 | 1.70802 0.48961 20.30337
        maxpool2d indices | 2x4x3x2 | -34.46786 1.08594 672.00000
        avgpool1d | 2x4x4 | 1.31326 -1.01908 0.39808
        avgpool2d | 2x4x2x2 | -0.02070 -0.07628 0.03321
        avgpool2d ceil | 2x4x4x3 | -0.00568 0.08949 1.08907
        avgpool2d ceil, pads not counted | 2x4x4x3 | -0.08033 -0.55450 2.11681
        avgpool2d divisor | 2x4x3x2 | -0.00104 -0.09177 0.71298
        avgpool3d | 1x2x3x4x1 | -0.75159 -0.56343 -0.02010
        lppool1d | 2x4x3 | 2.76381 -0.14929 30.32934
        lppool2d | 2x4x3x3 | 1.97173 1.99768 118.81028
        adaptiveavgpool1d | 2x4x3 | 0.09839 -2.31429 0.47098
        adaptiveavgpool2d | 2x4x4x3 | 0.02342 -0.26003 -0.08891
        adaptiveavgpool3d | 1x2x2x2x2 | -0.00494 0.00037 -0.00222
        adaptivemaxpool1d | 2x4x3 | 1.24885 -1.73957 10.95234
        adaptivemaxpool2d | 2x4x4x3 | 0.18087 -2.87554 80.14342
        adaptivemaxpool2d indices | 2x4x4x3 | -14.68073 -30.13098 1369.00000
        upsample nearest | 2x4x9x10 | 1.52543 10.91557 1.34116
        upsample nearest of 3 | 2x4x10 | 0.04299 -0.59453 0.35249
        upsample nearest of 5 | 1x2x5x4x7 | -2.54826 0.18998 -4.62884
        upsample linear | 2x4x17 | 0.38225 -0.44083 1.61846
        upsample bilinear False | 2x4x4x9 | -3.50169 0.03845 3.71112
        upsample bicubic False | 2x4x9x3 | -0.24515 -3.30325 2.18635
        upsample trilinear False | 1x2x8x6x2 | -0.06578 -1.23379 0.83017
        upsample bilinear True | 2x4x4x9 | -4.14133 -0.26374 6.23909
        upsample bicubic True | 2x4x9x3 | 0.22034 -14.79219 0.85142
        upsample trilinear True | 1x2x8x6x2 | 2.70634 -2.68165 1.56311
        upsample recomputed | 2x4x7x8 | -1.33346 -0.72927 4.01650
        interpolate area | 2x4x4x3 | 0.02342 -0.26003 -0.08891
        interpolate exact | 2x4x4x8 | -1.38730 16.69645 6.20444
        interpolate antialias | 2x4x3x2 | -0.01640 -0.04525 0.27738
        pixelshuffle | 2x1x12x10 | -0.76875 -1.34258 1.97126
        pixelunshuffle | 2x16x3x2 | -9.77990 0.04872 2.13895
        channelshuffle | 2x4x6x5 | -1.88445 -0.44216 1.97126
        fold | 2x2x5x4 | 0.03879 -2.40943 -10.75625
        unfold | 2x24x12 | -6.22593 1.00758 4.22713
        constantpad1d | 2x4x10 | 6.93677 2.77135 72.77530
        constantpad2d | 2x4x9x8 | 5.40120 0.00753 1009.97126
        constantpad3d | 1x2x5x8x6 | -6.61825 -1.39656 1081.93463
        zeropad2d | 2x4x9x8 | 1.30581 0.55341 1.97126
        reflectionpad1d | 2x4x10 | 0.36706 2.02902 1.87018
        reflectionpad2d | 2x4x9x8 | -1.78419 -1.01693 1.56613
        reflectionpad3d | 1x2x5x8x6 | -0.11765 -2.63452 -2.16158
        replicationpad1d | 2x4x10 | 1.26085 0.46978 0.99398
        replicationpad2d | 2x4x9x8 | -42.51946 -2.01724 10.83887
        replicationpad3d | 1x2x5x8x6 | 7.01993 -2.75711 37.26684
        cosinesimilarity | 2x6x5 | -0.64582 -0.70859 -24.41237
        pairwisedistance | 3x1 | 8.56177 -0.32820 12.07324
        rnn | 5x2x3 | -0.24010 2.36831 -6.24976
        rnn relu, batch first | 1x5x3 | 0.90155 -1.64696 8.77381
        gru | 5x2x3 | 0.85679 -0.28710 8.02298
        gru both ways, without bias | 5x2x6 | 0.96729 0.20702 3.03414
        gru hidden | 2x2x3 | 0.66768 -0.37623 3.17000
        lstm | 5x2x3 | 0.72258 0.24562 4.27529
        lstm both ways | 5x2x6 | 0.34389 -0.05855 4.35733
        lstm hidden | 2x2x3 | 0.00471 0.09042 0.82735
        lstm cell | 2x2x3 | 0.14573 0.22167 2.58552
        rnncell | 2x3 | -0.21170 1.14966 2.08574
        grucell | 2x3 | 0.21218 0.54622 0.75115
        lstmcell | 2x3 | -0.36306 0.06199 -0.48138
        attention | 3x2x4 | -0.51969 -1.43892 -6.65434
        attention weights | 2x3x5 | 0.91003 -0.17275 6.00000
        attention masked | 3x2x4 | -1.15524 -0.04654 -0.01832
        attention of other sizes | 3x2x4 | -0.23752 1.73242 -1.71429
        encoderlayer | 5x2x4 | 0.63718 0.15821 6.38653
        encoderlayer gelu, masked | 5x2x4 | 0.71480 -0.49516 8.09272
        encoder | 5x2x4 | 0.55799 -0.10279 21.88012
        decoderlayer | 3x2x4 | 0.36967 -1.03526 9.57706
        decoder | 3x2x4 | 0.79280 -0.21583 6.38041
        transformer | 3x2x4 | 1.07081 -2.37291 7.23974
        """;

    public const string Operators = """
        exp | 3x4 | -2.13228 1.31185 17.01317
        log | 3x4 | -1.05179 -0.01449 0.18696
        sqrt | 3x4 | 0.07436 0.93617 12.21325
        rsqrt | 3x4 | 1.13332 0.95252 12.03067
        reciprocal | 3x4 | 1.75451 1.01344 12.32312
        sin | 3x4 | -2.14926 0.12968 1.45434
        cos | 3x4 | 0.48475 0.66226 9.23338
        floor | 3x4 | -6.34332 1.23063 -1.00000
        ceil | 3x4 | -6.60374 1.15960 10.00000
        round | 3x4 | -7.83686 0.62462 5.00000
        round to 1 | 3x4 | -2.48600 0.14367 1.60000
        abs | 3x4 | 0.09725 0.62429 7.32591
        sign | 3x4 | -2.66477 -0.03402 3.00000
        erf | 3x4 | -2.19443 0.16232 1.49459
        clamp | 3x4 | -1.14643 0.12034 -0.33397
        clamp min | 3x4 | -0.60088 0.39403 5.97302
        clamp max | 3x4 | -1.72351 -0.06067 -1.31926
        minimum | 3x4 | 0.76078 -1.42894 -4.67627
        maximum | 3x4 | 1.50174 1.67981 7.39698
        pow | 3x4 | -1.86840 1.19963 15.44375
        pow tensor | 3x4 | 0.39611 0.27525 11.36129
        remainder | 3x4 | 0.04814 0.23585 1.35376
        fmod | 3x4 | -0.31252 0.24140 0.15376
        div | 3x4 | -2.93366 -0.21118 -0.80779
        div floor | 3x4 | -2.16916 -0.05330 -6.00000
        div trunc | 3x4 | -9.34775 -0.13941 6.00000
        floor divide | 3x4 | -7.69449 -0.67206 -8.00000
        1 - x | 3x4 | 3.05071 0.82786 10.34624
        1 / p | 3x4 | 1.75451 1.01344 12.32312
        lerp | 3x4 | 4.56426 -0.74728 -2.03578
        addcmul | 3x4 | 6.82081 -0.92993 2.30082
        atan2 | 3x4 | -4.59506 4.65354 4.86198
        where | 3x4 | 1.50174 1.67981 7.39698
        matmul | 3x3 | -0.11940 0.27544 -0.45533
        mm | 3x3 | -0.11940 0.27544 -0.45533
        bmm | 2x4x4 | -3.78308 1.12334 5.20902
        einsum | 3x3 | -0.11940 0.27544 -0.45533
        transpose | 2x5x6x4 | 5.34354 -0.08681 1.97126
        permute | 2x6x5x4 | 0.35888 2.38769 1.97126
        squeeze | 3x4 | -2.46966 0.10112 1.65376
        unsqueeze | 3x4x1 | -2.46966 0.10112 1.65376
        expand | 3x2x4 | -0.12933 0.55951 3.30751
        repeat | 2x3x12 | -1.23986 -0.29082 9.92253
        repeat interleave | 3x8 | 0.72516 0.37535 3.30751
        tile | 3x8 | -0.12933 0.55951 3.30751
        narrow | 3x2 | 1.33867 0.14605 1.08111
        slice | 3x2 | 1.67029 -1.72461 0.47458
        select | 3 | 0.22454 0.46257 0.77086
        index select | 3x4 | 0.33977 -0.62964 1.09508
        gather | 3x4 | 1.46961 -2.79255 1.78085
        stack | 3x2x4 | 0.97685 0.84174 2.72071
        cat | 3x8 | 0.97685 0.84174 2.72071
        split | 3x1 | 0.12770 0.03443 0.86892
        split sizes | 3x2 | 1.33867 0.14605 1.08111
        chunk | 3x2 | 0.52462 1.32182 1.63979
        unbind | 3 | 0.22454 0.46257 0.77086
        flip | 3x4 | 4.40455 0.19296 1.65376
        roll | 3x4 | -3.13982 1.57382 1.65376
        roll axes | 3x4 | -0.73931 2.00661 1.65376
        tril | 3x4 | -1.50690 1.49985 0.78755
        triu | 3x4 | -1.54830 0.14833 1.93322
        masked fill | 3x4 | -4.20865 -0.36663 11.16392
        unfold axis | 3x3x2 | 0.01617 -1.14873 2.73486
        sum |  | 1.39159 1.65376 1.65376
        sum axis | 3 | 0.67354 1.73731 1.65376
        sum axes | 2x1x6x1 | 0.16872 2.42379 1.97126
        mean axes | 4x5 | 0.09939 -0.14360 0.16427
        prod | 3 | 2.79385 1.02734 4.07023
        amax | 2x5 | 2.11731 0.22591 9.97305
        amin | 2x1x1x5 | -2.11231 -0.18510 -9.83593
        max axis | 3 | 1.47725 -0.01307 2.30861
        min axis | 1x4 | 2.43439 1.28234 5.00000
        argmax | 3 | 2.68791 -0.90039 5.00000
        argmax of all |  | 9.25618 11.00000 11.00000
        std |  | 0.60415 0.71797 0.71797
        std axis | 3 | 1.02081 -0.28726 1.52183
        var |  | 0.43377 0.51549 0.51549
        var axes | 2x1x6x1 | 0.17800 0.47715 6.11944
        norm |  | 2.04363 2.42864 2.42864
        norm axis | 3x1 | 5.26930 -0.05146 7.32591
        logsumexp | 3 | 3.36004 0.17840 4.95536
        cumsum | 3x4 | -4.01965 -0.00306 2.15628
        softmax | 3x4 | -0.25207 0.43484 4.00000
        log softmax | 3x4 | -4.48604 -1.40406 -18.16767
        sort | 3x4 | 2.59789 -0.12219 1.65376
        topk | 3x2 | -0.40015 3.39561 11.00000
        normalize | 3x4 | -0.96129 0.06270 0.61325
        one hot | 3x4x4 | 1.64220 -0.14975 12.00000
        pad | 3x7 | -1.44557 -0.19076 1.65376
        attention | 3x4 | -0.77932 0.29998 0.86843
        arange | 4 | 1.60631 -0.18192 7.00000
        linspace | 5 | -2.57323 0.12281 0.00000
        eye | 2x3 | -0.15222 1.86940 2.00000
        half | 3x4 | -2.47013 0.10130 1.65378
        long | 3x4 | -5.14114 1.21212 3.00000
        bool | 3x4 | -1.46260 -0.05252 7.00000
        logical | 3x4 | -2.16814 -0.65454 8.00000
        affine grid | 2x5x3x2 | 0.27259 0.44567 14.87352
        affine grid aligned | 2x5x3x2 | 0.72316 0.54552 14.87352
        grid sample | 2x4x5x3 | -0.52416 -0.44645 -0.19215
        grid sample nearest mirrored | 2x4x5x3 | -1.99263 1.80700 -3.03137
        grid sample border aligned | 2x4x5x3 | -0.26280 -0.66988 3.29742
        index ellipsis | 2x4x6 | 0.01384 0.64632 0.71136
        index mixed | 2x1x2x5 | -1.67617 -0.59107 -2.10008
        index by tensors | 2x4x6x5 | 0.47246 -4.13004 -1.44648
        index by mask | 7 | 1.22123 -1.27739 4.48983
        """;
}
