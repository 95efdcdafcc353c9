using System.Text.Json;
using ReasonRank.Ranking;

namespace ReasonRank.Tests.Ranking;

public class WindowScheduleTests
{
    public static TheoryData<int, int, int, int, int, string> GoldenCases()
    {
        var data = new TheoryData<int, int, int, int, int, string>();
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "windows.json")));
        foreach (var item in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            // The second column: the first one has the reference's bug of ranking nothing when the slice is one stride long.
            data.Add(
                item.GetProperty("candidates").GetInt32(),
                item.GetProperty("window_size").GetInt32(),
                item.GetProperty("step").GetInt32(),
                item.GetProperty("rank_start").GetInt32(),
                item.GetProperty("rank_end").GetInt32(),
                item.GetProperty("rank_llm_windows").GetRawText());
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void Windows_are_those_of_the_reference(int count, int size, int stride, int rankStart, int rankEnd, string expected)
    {
        var windows = WindowSchedule.Plan(count, size, stride, rankStart, rankEnd);

        Assert.Equal(JsonSerializer.Deserialize<int[][]>(expected), windows.Select(window => new[] { window.Start, window.End }));
    }

    [Fact]
    public void Every_pass_covers_the_whole_slice()
    {
        var windows = WindowSchedule.Plan(35, 20, 10, rankStart: 5, passes: 2);

        Assert.Equal([new(15, 35), new(5, 25), new(15, 35), new(5, 25)], windows);
    }

    [Fact]
    public void Overlapping_windows_cover_every_candidate_of_the_slice_from_tail_to_head()
    {
        var random = new Random(1);
        for (var round = 0; round < 2_000; round++)
        {
            var count = random.Next(1, 150);
            var size = random.Next(1, 30);
            var stride = random.Next(1, size + 1);
            var rankStart = random.Next(0, count);
            var rankEnd = random.Next(rankStart + 1, count + 20);

            var windows = WindowSchedule.Plan(count, size, stride, rankStart, rankEnd);

            Assert.Equal(rankStart, windows[^1].Start);
            Assert.Equal(Math.Min(rankEnd, count), windows[0].End);
            Assert.All(windows, window => Assert.InRange(window.Length, 1, size));
            Assert.All(windows.Zip(windows.Skip(1)), pair => Assert.Equal(pair.First.End - stride, pair.Second.End));
            Assert.All(windows.Zip(windows.Skip(1)), pair => Assert.InRange(pair.Second.End, pair.First.Start, int.MaxValue));
        }
    }

    [Fact]
    public void An_empty_slice_has_no_windows()
    {
        Assert.Empty(WindowSchedule.Plan(0, 20, 10));
        Assert.Empty(WindowSchedule.Plan(10, 20, 10, rankStart: 10));
    }

    [Fact]
    public void A_stride_longer_than_the_window_would_skip_candidates() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WindowSchedule.Plan(100, 10, 11));
}
