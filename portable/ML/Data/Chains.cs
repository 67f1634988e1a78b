using System.Collections;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data
{
    [Flags]
    public enum TransformerScope
    {
        None = 0,
        Training = 1,
        Testing = 2,
        Scoring = 4,
        TrainTest = Training | Testing,
        Everything = Training | Testing | Scoring,
    }

    public sealed class TransformerChain<TLastTransformer> : ITransformer, IEnumerable<ITransformer>, IDisposable
        where TLastTransformer : class, ITransformer
    {
        private readonly ITransformer[] _transformers;
        private readonly TransformerScope[] _scopes;
        private bool _disposed;

        public readonly TLastTransformer LastTransformer;

        public TransformerChain(IEnumerable<ITransformer> transformers, IEnumerable<TransformerScope> scopes)
        {
            (_transformers, _scopes) = ([.. transformers ?? []], [.. scopes ?? []]);
            LastTransformer = _transformers.LastOrDefault() as TLastTransformer;
            if (_transformers.Length != _scopes.Length || _transformers.Length > 0 != LastTransformer is not null)
                throw new InvalidOperationException("Transformers and scopes don't match.");
        }

        public TransformerChain(params ITransformer[] transformers)
            : this(transformers, transformers?.Select(_ => TransformerScope.Everything))
        {
        }

        bool ITransformer.IsRowToRowMapper => _transformers.All(t => t.IsRowToRowMapper);

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetOutputSchema(inputSchema, TransformerScope.Scoring);

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema, TransformerScope scope) =>
            GetModelFor(scope)._transformers.Aggregate(inputSchema, (schema, transformer) => transformer.GetOutputSchema(schema));

        public IDataView Transform(IDataView input) => Transform(input, TransformerScope.Scoring);

        public IDataView Transform(IDataView input, TransformerScope scope)
        {
            ArgumentNullException.ThrowIfNull(input);
            GetOutputSchema(input.Schema, scope);
            return GetModelFor(scope)._transformers.Aggregate(input, (view, transformer) => transformer.Transform(view));
        }

        public TransformerChain<ITransformer> GetModelFor(TransformerScope scopeFilter)
        {
            int[] kept = [.. Enumerable.Range(0, _scopes.Length).Where(i => (_scopes[i] & scopeFilter) != 0)];
            return new(kept.Select(i => _transformers[i]), kept.Select(i => _scopes[i]));
        }

        public TransformerChain<TNewLast> Append<TNewLast>(TNewLast transformer, TransformerScope scope = TransformerScope.Everything)
            where TNewLast : class, ITransformer => new([.. _transformers, transformer], [.. _scopes, scope]);

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw Except.NoFileFormat();

        IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
        {
            var mappers = new List<IRowToRowMapper>();
            var schema = inputSchema;
            foreach (var transformer in _transformers)
            {
                mappers.Add(transformer.GetRowToRowMapper(schema));
                schema = mappers[^1].OutputSchema;
            }
            return new ChainedMapper(inputSchema, mappers);
        }

        public IEnumerator<ITransformer> GetEnumerator() => ((IEnumerable<ITransformer>)_transformers).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public void Dispose()
        {
            if (_disposed)
                return;
            _disposed = true;
            foreach (var transformer in _transformers.OfType<IDisposable>())
                transformer.Dispose();
        }
    }

    public sealed class EstimatorChain<TLastTransformer> : IEstimator<TransformerChain<TLastTransformer>>
        where TLastTransformer : class, ITransformer
    {
        private readonly (IEstimator<ITransformer> Estimator, TransformerScope Scope, bool IsCached)[] _parts;

        public readonly IEstimator<TLastTransformer> LastEstimator;

        public EstimatorChain() => _parts = [];

        internal EstimatorChain((IEstimator<ITransformer>, TransformerScope, bool)[] parts)
        {
            _parts = parts;
            LastEstimator = _parts[^1].Estimator as IEstimator<TLastTransformer>;
        }

        public TransformerChain<TLastTransformer> Fit(IDataView input)
        {
            // The schema is checked before anything is fitted.
            GetOutputSchema(SchemaShape.Create(input.Schema));

            var view = input;
            var transformers = new List<ITransformer>();
            foreach (var (estimator, _, isCached) in _parts)
            {
                transformers.Add(estimator.Fit(view));
                view = transformers[^1].Transform(view);
                if (isCached)
                    view = new CacheView(view);
            }
            return new(transformers, _parts.Select(p => p.Scope));
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
            _parts.Aggregate(inputSchema, (shape, part) => part.Estimator.GetOutputSchema(shape));

        public EstimatorChain<TNewTrans> Append<TNewTrans>(IEstimator<TNewTrans> estimator, TransformerScope scope = TransformerScope.Everything)
            where TNewTrans : class, ITransformer
        {
            ArgumentNullException.ThrowIfNull(estimator);
            return new([.. _parts, (estimator, scope, false)]);
        }

        public EstimatorChain<TLastTransformer> AppendCacheCheckpoint(IHostEnvironment env)
        {
            ArgumentNullException.ThrowIfNull(env);
            return _parts.Length == 0
                ? throw new InvalidOperationException("Current estimator chain has no estimator, can't append cache checkpoint.")
                : new([.. _parts[..^1], (_parts[^1].Estimator, _parts[^1].Scope, true)]);
        }
    }

    internal sealed class ChainedMapper(DataViewSchema input, List<IRowToRowMapper> mappers) : IRowToRowMapper
    {
        public DataViewSchema InputSchema => input;

        public DataViewSchema OutputSchema => mappers.Count > 0 ? mappers[^1].OutputSchema : input;

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
            mappers.AsEnumerable().Reverse().Aggregate(dependingColumns, (columns, mapper) => mapper.GetDependencies(columns));

        public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
        {
            var needed = new Stack<IEnumerable<DataViewSchema.Column>>([activeColumns]);
            for (var i = mappers.Count - 1; i > 0; i--)
                needed.Push([.. mappers[i].GetDependencies(needed.Peek())]);
            return mappers.Aggregate(input, (row, mapper) => mapper.GetRow(row, needed.Pop()));
        }
    }
}

namespace Microsoft.ML
{
    public static class LearningPipelineExtensions
    {
        public static EstimatorChain<TTrans> Append<TTrans>(
            this IEstimator<ITransformer> start, IEstimator<TTrans> estimator, TransformerScope scope = TransformerScope.Everything)
            where TTrans : class, ITransformer =>
            (start as EstimatorChain<ITransformer> ?? new EstimatorChain<ITransformer>().Append(start)).Append(estimator, scope);

        public static EstimatorChain<TTrans> AppendCacheCheckpoint<TTrans>(this IEstimator<TTrans> start, IHostEnvironment env)
            where TTrans : class, ITransformer => new EstimatorChain<ITransformer>().Append(start).AppendCacheCheckpoint(env);

        public static TransformerChain<TTrans> Append<TTrans>(this ITransformer start, TTrans transformer)
            where TTrans : class, ITransformer => new(start, transformer);
    }
}
