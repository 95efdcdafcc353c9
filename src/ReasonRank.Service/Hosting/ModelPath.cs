namespace ReasonRank.Service.Hosting;

/// <summary>Where the model file is.</summary>
internal static class ModelPath
{
    /// <summary>A relative path is looked for in the working directory, then beside the program, where the embedded model lies.</summary>
    public static string Find(string path)
    {
        var here = Path.GetFullPath(path);
        var beside = Path.GetFullPath(path, AppContext.BaseDirectory);
        return File.Exists(here) || !File.Exists(beside) ? here : beside;
    }
}
