namespace GanOnnx.Evaluation.Tests;

public sealed class ClassMatchTests
{
    [Test]
    public void Names_match_wherever_they_stand() =>
        Assert.That(ClassMatch.Find(["shoe", "bag"], ["bag", "coat", "shoe"]), Is.EqualTo([2, 0]));

    [Test]
    public void Case_matters_only_where_it_has_to() =>
        Assert.That(ClassMatch.Find(["BAG", "Bag"], ["Bag", "bag"]), Is.EqualTo([0, 0]));

    [Test]
    public void Numbers_match_as_names_before_they_match_in_order() =>
        Assert.That(ClassMatch.Find(["2", "1", "0"], ["0", "1", "2"]), Is.EqualTo([2, 1, 0]));

    [Test]
    public void Numbered_data_matches_as_many_names_in_order() =>
        Assert.That(ClassMatch.Find(["T-shirt", "trousers"], ["0", "1"]), Is.EqualTo([0, 1]));

    [Test]
    public void A_class_that_the_data_lacks_matches_none() =>
        Assert.That(ClassMatch.Find(["bag", "hat"], ["bag", "coat"]), Is.EqualTo([0, -1]));

    [Test]
    public void Numbered_data_with_another_number_of_classes_matches_no_names() =>
        Assert.That(ClassMatch.Find(["bag", "hat", "coat"], ["0", "1"]), Is.EqualTo([-1, -1, -1]));

    [Test]
    public void A_model_that_hides_its_classes_is_refused() =>
        Assert.That(() => ClassMatch.Find([], ["0", "1"]),
            Throws.TypeOf<EvaluationException>().With.Message.Contains("doesn't say its classes"));
}
